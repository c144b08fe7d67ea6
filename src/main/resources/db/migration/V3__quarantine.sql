-- The index of the quarantine: a row for each part of a message that lies on the queue. The key is the SHA-256 of the id and
-- the recipients. Times are milliseconds since 1970.
create table quarantined (
  part char(64) not null primary key,
  id varchar(64) not null,
  sender varchar(1000) not null,
  client varchar(1000) not null,
  subject varchar(1000) not null,
  octets bigint not null,
  filter_name varchar(1000) not null,
  reason varchar(1000) not null,
  score double precision,
  detained bigint not null,
  arrived bigint not null
);

create index quarantined_detained on quarantined (detained, part);
create index quarantined_id on quarantined (id);

create table quarantined_recipient (
  part char(64) not null references quarantined (part) on delete cascade,
  number integer not null,
  recipient varchar(1000) not null,
  primary key (part, number)
);

create index quarantined_recipient_recipient on quarantined_recipient (recipient);
