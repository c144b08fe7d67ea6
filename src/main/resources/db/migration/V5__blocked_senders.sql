-- Senders that are blocked, for everybody (no recipient) or for a recipient or a domain; the key is the SHA-256 of both. The secret
-- by which links in digests of the quarantine are known, the same for all servers. Times are milliseconds since 1970.
create table blocked_sender (
  id char(64) not null primary key,
  sender varchar(1000) not null,
  recipient varchar(1000) not null,
  author varchar(1000) not null,
  since bigint not null
);

create table quarantine_secret (
  id integer not null primary key,
  secret varchar(64) not null
);
