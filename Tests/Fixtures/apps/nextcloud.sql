-- Nextcloud: core/Migrations of nextcloud/server, Version13000Date20170718121200.php at 00e341925bc134cbbadaf00a84381e72ed33dbf7,
-- Version14000Date20180518120534.php (keys of authtoken) at 1ab09ec753f106661beadee1794b390ebec455dd,
-- Version14000Date20180522074438.php (twofactor_providers) at 13d93f5b25aa3e663146349583a0a8e01b216f7a, uid_lower from version 21 on
-- Written anew from that schema with the usual prefix oc_: the tables that a reset meets, and four accounts whose password is
-- meadow-Copper-74-signal; hedy is disabled

CREATE TABLE `oc_users` (
    `uid` VARCHAR(64) NOT NULL DEFAULT '' PRIMARY KEY,
    `displayname` VARCHAR(64) DEFAULT NULL,
    `password` VARCHAR(255) NOT NULL DEFAULT '',
    `uid_lower` VARCHAR(64) DEFAULT ''
);
CREATE INDEX `user_uid_lower` ON `oc_users` (`uid_lower`);

CREATE TABLE `oc_preferences` (
    `userid` VARCHAR(64) NOT NULL DEFAULT '',
    `appid` VARCHAR(32) NOT NULL DEFAULT '',
    `configkey` VARCHAR(64) NOT NULL DEFAULT '',
    `configvalue` TEXT,
    PRIMARY KEY (`userid`, `appid`, `configkey`)
);

CREATE TABLE `oc_appconfig` (
    `appid` VARCHAR(32) NOT NULL DEFAULT '',
    `configkey` VARCHAR(64) NOT NULL DEFAULT '',
    `configvalue` TEXT,
    PRIMARY KEY (`appid`, `configkey`)
);

CREATE TABLE `oc_group_user` (
    `gid` VARCHAR(64) NOT NULL DEFAULT '',
    `uid` VARCHAR(64) NOT NULL DEFAULT '',
    PRIMARY KEY (`gid`, `uid`)
);

CREATE TABLE `oc_twofactor_providers` (
    `provider_id` VARCHAR(32) NOT NULL,
    `uid` VARCHAR(64) NOT NULL,
    `enabled` SMALLINT NOT NULL,
    PRIMARY KEY (`provider_id`, `uid`)
);

CREATE TABLE `oc_authtoken` (
    `id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    `uid` VARCHAR(64) NOT NULL DEFAULT '',
    `login_name` VARCHAR(64) NOT NULL DEFAULT '',
    `password` TEXT,
    `name` VARCHAR(128) NOT NULL DEFAULT '',
    `token` VARCHAR(200) NOT NULL DEFAULT '',
    `type` SMALLINT NOT NULL DEFAULT 0,
    `remember` SMALLINT NOT NULL DEFAULT 0,
    `last_activity` INTEGER NOT NULL DEFAULT 0,
    `last_check` INTEGER NOT NULL DEFAULT 0,
    `scope` TEXT,
    `private_key` TEXT,
    `public_key` TEXT,
    `version` SMALLINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX `authtoken_token_index` ON `oc_authtoken` (`token`);

CREATE TABLE `oc_filecache` (`fileid` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `storage` INTEGER NOT NULL DEFAULT 0, `path` VARCHAR(4000) DEFAULT NULL);
CREATE TABLE `oc_storages` (`numeric_id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `id` VARCHAR(64) DEFAULT NULL);

INSERT INTO `oc_users` (`uid`, `displayname`, `password`, `uid_lower`) VALUES
    ('Ada', 'Ada Lovelace', '3|$argon2id$v=19$m=65536,t=4,p=1$7c7CNiE1gw7MNZ1vxnyR8g$xJX3T/cAFj53o+saEu3ec7YGtLuKkHzvKbpbZ87cyRg', 'ada'),
    ('grace', 'Grace Hopper', '2|$argon2i$v=19$m=65536,t=4,p=1$q4dBYe+Z/DQue77O7b14eA$kEkxe3QylW8a0QHOo3aeFPOTNkYYsd+qeR8OGZqeN9Q', 'grace'),
    ('alan', 'Alan Turing', '1|$2y$10$I5lMf7YRjmftpIfMdp01cOUWrKG3jYVbNfXHOxBO9g0z5jG7E1QC6', 'alan'),
    ('hedy', NULL, '3|$argon2id$v=19$m=65536,t=4,p=1$8jHku9GTM+YBfxqlSbJp9Q$DgsWmm9nIriEcS16PLcnWy/bRqzpsc67v5UPRehSZp4', 'hedy');
INSERT INTO `oc_preferences` (`userid`, `appid`, `configkey`, `configvalue`) VALUES
    ('Ada', 'settings', 'email', 'ada@example.org'),
    ('grace', 'settings', 'email', 'Grace@example.org'),
    ('alan', 'core', 'lostpassword', 'a token of alan'),
    ('hedy', 'core', 'enabled', 'false');
INSERT INTO `oc_appconfig` (`appid`, `configkey`, `configvalue`) VALUES
    ('files', 'enabled', 'yes');
INSERT INTO `oc_group_user` (`gid`, `uid`) VALUES
    ('admin', 'Ada'), ('staff', 'grace');
INSERT INTO `oc_twofactor_providers` (`provider_id`, `uid`, `enabled`) VALUES
    ('totp', 'grace', 1);
INSERT INTO `oc_authtoken` (`uid`, `login_name`, `name`, `token`, `type`) VALUES
    ('Ada', 'Ada', 'Firefox', 't1', 0), ('Ada', 'Ada', 'a phone', 't2', 1), ('grace', 'grace', 'Firefox', 't3', 0);
