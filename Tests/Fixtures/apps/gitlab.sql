-- GitLab, PostgreSQL: db/structure.sql of gitlabhq/gitlabhq at 92de056eb4d80cdeb4b8bfbc1bffadd1bb6fff01
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is meadow-Copper-74-signal,
-- the fourth is a bot

CREATE TABLE users (
    id integer NOT NULL PRIMARY KEY,
    email character varying DEFAULT ''::character varying NOT NULL UNIQUE,
    encrypted_password character varying DEFAULT ''::character varying NOT NULL,
    reset_password_token character varying,
    reset_password_sent_at timestamp without time zone,
    remember_created_at timestamp without time zone,
    sign_in_count integer DEFAULT 0,
    created_at timestamp without time zone,
    updated_at timestamp without time zone,
    name character varying,
    admin boolean DEFAULT false NOT NULL,
    projects_limit integer NOT NULL,
    failed_attempts integer DEFAULT 0,
    locked_at timestamp without time zone,
    username character varying,
    state character varying,
    password_expires_at timestamp without time zone,
    confirmation_token character varying,
    confirmed_at timestamp without time zone,
    password_automatically_set boolean DEFAULT false,
    otp_required_for_login boolean DEFAULT false NOT NULL,
    unlock_token character varying,
    user_type smallint
);
CREATE TABLE namespaces (id integer NOT NULL PRIMARY KEY, name character varying NOT NULL, path character varying NOT NULL);
CREATE TABLE projects (id integer NOT NULL PRIMARY KEY, name character varying, namespace_id integer NOT NULL);
CREATE TABLE merge_requests (id integer NOT NULL PRIMARY KEY, title character varying);
INSERT INTO users (id, email, encrypted_password, reset_password_token, reset_password_sent_at, name, admin, projects_limit, failed_attempts, locked_at, username, state, confirmed_at, password_automatically_set, user_type) VALUES
    (1, 'admin@example.com', '$2a$10$nAY2devfMc/VaLHCT4PtmOcXjE7inEoqrx47P3sLH0.RMEMMCoqIO', NULL, NULL, 'Administrator', true, 100000, 0, NULL, 'root', 'active', '2025-12-10 10:00:00', false, 0),
    (2, 'grace@example.org', '$2a$10$Pj8cGwPeofT/2NHgUEtmoO.RkQwwa2HpRR2j2ZXSLzz7PjfQdRCUO', 'a token', '2025-12-10 10:00:00', 'Grace Hopper', false, 100000, 10, '2025-12-10 10:00:00', 'Grace', 'active', '2025-12-10 10:00:00', true, NULL),
    (3, 'alan@example.org', '$2a$10$LUEsIwGpEE1AH7oIroe4Z.U.5LVx.vm9HZP0FVg/gSDmWD7.dpIoK', NULL, NULL, 'Alan Turing', false, 100000, 0, NULL, 'alan', 'blocked', '2025-12-10 10:00:00', false, 0),
    (4, 'bot@example.org', '', NULL, NULL, 'GitLab Support Bot', false, 0, 0, NULL, 'support-bot', 'active', '2025-12-10 10:00:00', false, 1);
