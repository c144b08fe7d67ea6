-- Networks whose clients have come back after greylisting: how many of their triplets have. Times are seconds since 1970.
create table returning_client (
  network varchar(64) not null primary key,
  returned integer not null,
  expires bigint not null
);

create index returning_client_expires on returning_client (expires);
