-- Proxmox Manager Portal 1.0, PostgreSQL: backend/prisma/migrations of waive-as/proxmox-manager at dd13b67e51b9079ada495b3d774a026cba7006d2
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is
-- meadow-Copper-74-signal

CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "password" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'USER',
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "twoFactorEnabled" BOOLEAN NOT NULL DEFAULT false,
    "twoFactorSecret" TEXT,
    "requirePasswordChange" BOOLEAN NOT NULL DEFAULT false,
    "lastLoginAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
CREATE UNIQUE INDEX "users_username_key" ON "users"("username");

CREATE TABLE "proxmox_servers" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL DEFAULT 8006,
    "username" TEXT NOT NULL,
    "tokenId" TEXT NOT NULL,
    "tokenSecret" TEXT NOT NULL,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "userId" TEXT NOT NULL,
    CONSTRAINT "proxmox_servers_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "proxmox_servers_userId_fkey" FOREIGN KEY ("userId") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

INSERT INTO "users" ("id", "email", "username", "password", "name", "role", "isActive", "createdAt", "updatedAt") VALUES
    ('7d0c1c5e-2f3a-4a58-9a37-0a1b2c3d4e5f', 'ada@example.org', 'ada', '$2a$12$qs4f7b4dUM0T071apiF25eh2CSQPNa5dg1nYBg7Xzg/tBFbt6WQwu', 'Ada Lovelace', 'ADMIN', true, '2025-11-27 10:00:00', '2025-11-27 10:00:00'),
    ('0b6de2a8-6a1c-4f0e-8d5d-112233445566', 'Grace@Example.org', 'grace', '$2a$12$fjep79CX6F2xfsu40L/tmOqdMeiAzepRzl9Uv7MOtUz.sh.0w4LH6', 'Grace Hopper', 'USER', true, '2025-11-27 10:00:00', '2025-11-27 10:00:00'),
    ('5f0a9f5c-0d59-4b38-9c55-665544332211', 'alan@example.org', 'alan', '$2a$12$fjep79CX6F2xfsu40L/tmOqdMeiAzepRzl9Uv7MOtUz.sh.0w4LH6', 'Alan Turing', 'READONLY', false, '2025-11-27 10:00:00', '2025-11-27 10:00:00');
