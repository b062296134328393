-- Flashcard Flow: no public source; the columns are those that its page "Password Reset" names, the rest is assumed
-- Written anew from that schema: the tables that a reset meets, and three accounts whose password is
-- meadow-Copper-74-signal

CREATE TABLE users (
    id VARCHAR(36) NOT NULL PRIMARY KEY,
    username VARCHAR(100) NOT NULL UNIQUE,
    email VARCHAR(200) NOT NULL UNIQUE,
    password_hash VARCHAR(255) NOT NULL,
    hkey VARCHAR(40) NOT NULL,
    pbkdf2_hash VARCHAR(255) NOT NULL
);

INSERT INTO users VALUES
    ('u1', 'ada', 'ada@example.org', '$argon2id$v=19$m=19456,t=2,p=1$INPVq43xxllEJj4m+dAMJw$+fCQO3d7D1z0rhn8wnPfSPMhO0+NtY9gSEBfhpY6xSg', 'aecc2c5e2f5ce10cd7ed5f7d2d0c71b58f24cad7', '$pbkdf2-sha256$i=600000,l=32$Z92tidKJwjjFM6cpvke2ng$TIUFlgj+iwzu7kADoaBYs+Nc3PkcHbVATDzZEq6lU88'),
    ('u2', 'Grace', 'grace@example.org', '$argon2id$v=19$m=19456,t=2,p=1$t7AZr3jEFPbM9weXHEH1Rg$exNtxQo3ywMxTwTW2jMFY3czB7kK816y0ezDsgsrjDc', '7278da01f67559cbe17af133fe9084d4bbd07010', '$pbkdf2-sha256$i=600000,l=32$4wGVaB6/nzNPGnAZntEYEw$SsClcDDR4jVXOugvvwwqnAcExS6OQEen2oPT8To2dtw'),
    ('u3', 'alan', 'alan@example.org', '$argon2id$v=19$m=19456,t=2,p=1$i1jEdF3Wd/HVzETxPn2Rdg$T4yj2QucLW0GDIz8vQSyKdFDQabcyr1heBq+HvbJmBo', '549390b8ca5f7d1f4fe2a6b476a9386b8ace0685', '$pbkdf2-sha256$i=600000,l=32$whz/R0NBT4HcOstF58D04g$m6prx9rgoxOosp7SvkAh/Yl4/7Ki3gdPCyfW1r69Ku0');
