-- Whose each message in the quarantine is: the node of a cluster on whose queue it lies; empty outside a cluster. What was noted before
-- is taken over by the node that finds it on its queue.
alter table quarantined add column node varchar(64) default '' not null;

create index quarantined_node on quarantined (node, part);

-- Links in digests that were followed at a node that does not have the message: the node that has it does what they say. The key is
-- the SHA-256 of the link. Times are seconds since 1970.
create table followed_link (
  id char(64) not null primary key,
  message varchar(64) not null,
  link varchar(4000) not null,
  expires bigint not null
);
