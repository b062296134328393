-- WordPress, MySQL/MariaDB: wp-admin/includes/schema.php of the Debian package wordpress 6.1.9+dfsg1-0+deb12u1 (table prefix wp_)
-- Written anew from that schema: the tables that a reset meets, and four accounts whose password is meadow-Copper-74-signal:
-- ada as WordPress 6.8 stores it, grace as 6.7 does, alan with bcrypt alone, hedy as before 2.5

CREATE TABLE wp_users (
    ID bigint(20) unsigned NOT NULL auto_increment,
    user_login varchar(60) NOT NULL default '',
    user_pass varchar(255) NOT NULL default '',
    user_nicename varchar(50) NOT NULL default '',
    user_email varchar(100) NOT NULL default '',
    user_url varchar(100) NOT NULL default '',
    user_registered datetime NOT NULL default '2025-12-10 10:00:00',
    user_activation_key varchar(255) NOT NULL default '',
    user_status int(11) NOT NULL default '0',
    display_name varchar(250) NOT NULL default '',
    PRIMARY KEY (ID),
    KEY user_login_key (user_login),
    KEY user_nicename (user_nicename),
    KEY user_email (user_email)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE wp_usermeta (
    umeta_id bigint(20) unsigned NOT NULL auto_increment,
    user_id bigint(20) unsigned NOT NULL default '0',
    meta_key varchar(255) default NULL,
    meta_value longtext,
    PRIMARY KEY (umeta_id),
    KEY user_id (user_id),
    KEY meta_key (meta_key(191))
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE wp_options (
    option_id bigint(20) unsigned NOT NULL auto_increment,
    option_name varchar(191) NOT NULL default '',
    option_value longtext NOT NULL,
    autoload varchar(20) NOT NULL default 'yes',
    PRIMARY KEY (option_id),
    UNIQUE KEY option_name (option_name)
);
CREATE TABLE wp_posts (
    ID bigint(20) unsigned NOT NULL auto_increment,
    post_author bigint(20) unsigned NOT NULL default '0',
    PRIMARY KEY (ID)
);
INSERT INTO wp_users (user_login, user_pass, user_nicename, user_email, user_activation_key, display_name) VALUES
    ('ada', '$wp$2y$10$2qFekQbWjKZ4h5zRNNaBDuvzS8cdVVCJdRFXSYdYPpk09QqOUbmkG', 'ada', 'ada@example.org', '1765360000:$P$Bq7Rm2XvL0000000000000000000000', 'Ada Lovelace'),
    ('Grace Hopper', '$P$Bq7Rm2XvLQ9inINJ/e2OD4YK.CYVCA1', 'grace', 'Grace@example.org', '', 'Grace'),
    ('alan', '$2y$10$1NufIgo7IG84GFiryhmziuFl1WmKA0cikn.k2q/TjFptUbcE4S/W.', 'alan', 'alan@example.org', '', 'Alan Turing'),
    ('hedy', '76c359d4fb3482044e3b51c6b48ac5cd', 'hedy', 'hedy@example.org', '', 'Hedy Lamarr');
INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES
    (1, 'wp_capabilities', 'a:1:{s:13:"administrator";b:1;}'), (1, 'session_tokens', 'a:1:{s:1:"x";a:0:{}}'),
    (2, 'wp_capabilities', 'a:1:{s:10:"subscriber";b:1;}'), (2, 'session_tokens', 'a:1:{s:1:"y";a:0:{}}');
