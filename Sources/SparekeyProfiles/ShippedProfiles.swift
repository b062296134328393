/// The profiles in the program, by name. Written by dev/profiles from the files in Profiles; do not change it by hand.
public enum ShippedProfiles {
    public static let all: [(name: String, bytes: [UInt8])] = [
        ("audiobookshelf", PackageResources.audiobookshelf_yaml),
        ("django", PackageResources.django_yaml),
        ("flashcard-flow", PackageResources.flashcard_flow_yaml),
        ("gitea", PackageResources.gitea_yaml),
        ("grafana", PackageResources.grafana_yaml),
        ("immich", PackageResources.immich_yaml),
        ("jellyfin", PackageResources.jellyfin_yaml),
        ("listsome", PackageResources.listsome_yaml),
        ("lldap", PackageResources.lldap_yaml),
        ("mealie", PackageResources.mealie_yaml),
        ("mediawiki", PackageResources.mediawiki_yaml),
        ("miniflux", PackageResources.miniflux_yaml),
        ("nextcloud", PackageResources.nextcloud_yaml),
        ("nexus", PackageResources.nexus_yaml),
        ("nginx-proxy-manager", PackageResources.nginx_proxy_manager_yaml),
        ("outline", PackageResources.outline_yaml),
        ("palmr", PackageResources.palmr_yaml),
        ("proxmox-manager-portal", PackageResources.proxmox_manager_portal_yaml),
        ("sonarr", PackageResources.sonarr_yaml),
        ("uptime-kuma", PackageResources.uptime_kuma_yaml),
        ("vaultwarden", PackageResources.vaultwarden_yaml),
        ("wikijs", PackageResources.wikijs_yaml),
        ("wordpress", PackageResources.wordpress_yaml),
    ]
}
