-- Which messages in the quarantine a digest has told of, and when the last digest went out. Times are milliseconds since 1970.
alter table quarantined add column told boolean default false not null;

create index quarantined_told on quarantined (told, detained, part);

create table quarantine_digest (
  id integer not null primary key,
  last_sent bigint not null,
  claimed bigint not null
);
