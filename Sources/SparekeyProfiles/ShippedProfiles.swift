/// The profiles in the program, by name. Written by dev/profiles from the files in Profiles; do not change it by hand.
public enum ShippedProfiles {
    public static let all: [(name: String, bytes: [UInt8])] = [
        ("authelia", PackageResources.authelia_yaml),
        ("django", PackageResources.django_yaml),
        ("dokuwiki", PackageResources.dokuwiki_yaml),
        ("dovecot", PackageResources.dovecot_yaml),
        ("flashcard-flow", PackageResources.flashcard_flow_yaml),
        ("gitea", PackageResources.gitea_yaml),
        ("grafana", PackageResources.grafana_yaml),
        ("home-assistant", PackageResources.home_assistant_yaml),
        ("htpasswd", PackageResources.htpasswd_yaml),
        ("listsome", PackageResources.listsome_yaml),
        ("nexus", PackageResources.nexus_yaml),
        ("palmr", PackageResources.palmr_yaml),
        ("proxmox-manager-portal", PackageResources.proxmox_manager_portal_yaml),
        ("radicale", PackageResources.radicale_yaml),
    ]
}
