-- What greylisting remembers. The key is the SHA-256 of client network, sender and recipient: of one length, however
-- long an address a stranger makes up. Times are seconds since 1970.
create table triplet (
  id char(64) not null primary key,
  first_seen bigint not null,
  returned boolean not null,
  expires bigint not null
);

create index triplet_expires on triplet (expires);
