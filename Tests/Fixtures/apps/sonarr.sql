-- Sonarr: src/NzbDrone.Core/Datastore/Migration of Sonarr/Sonarr, 001_initial_setup.cs, 066_add_tags.cs, 076_add_users_table.cs,
-- 126_add_custom_filters.cs and 174_add_salt_to_users.cs at 49df353fa14c453929b79f32144b2c8c86d94b09
-- The same columns in Radarr (1b9662d58823ff02b7162282e84e4aed95db0126), Lidarr (0501e61565a3527351a82453156caa72214e3c18) and
-- Prowlarr (0ffcfccf1df38e775e25431716387f6eae180231): 001_initial_setup.cs, *_add_custom_filters.cs, *_add_salt_to_users.cs
-- Written anew from that schema: the tables that a reset meets, and two accounts whose password is meadow-Copper-74-signal,
-- the second one's is as before the salt (the program itself keeps one account)

CREATE TABLE "Users" (
    "Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "Identifier" TEXT NOT NULL,
    "Username" TEXT NOT NULL,
    "Password" TEXT NOT NULL,
    "Salt" TEXT,
    "Iterations" INTEGER
);
CREATE UNIQUE INDEX "IX_Users_Identifier" ON "Users" ("Identifier");
CREATE UNIQUE INDEX "IX_Users_Username" ON "Users" ("Username");

CREATE TABLE "ScheduledTasks" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TypeName" TEXT NOT NULL);
CREATE TABLE "CustomFilters" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Type" TEXT NOT NULL);
CREATE TABLE "Tags" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Label" TEXT NOT NULL);

INSERT INTO "Users" ("Identifier", "Username", "Password", "Salt", "Iterations") VALUES
    ('7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f', 'ada', 'It9AyNDPsDCWc7gip5db2xk3ttovtS7WNJ9UFnhgTb4=', 'AHSN9vq3iE852mVvGbasrQ==', 10000),
    ('1a0f9f5c-0d59-4b38-9c55-112233445566', 'grace', 'e737e41889b8665eca316ccc671fad793530a06d7a111a50e6b4076bce808522', NULL, NULL);
