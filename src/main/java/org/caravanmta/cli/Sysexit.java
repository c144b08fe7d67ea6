package org.caravanmta.cli;

/// An exit status that programs which call `sendmail` understand (BSD `sysexits(3)`).
enum Sysexit {
  OK(0),
  /// The arguments make no sense, or ask for what is not there.
  USAGE(64),
  /// The message or an address in it is wrong.
  DATAERR(65),
  /// The user who calls is unknown.
  NOUSER(67),
  /// The message is too big, or the server does not run.
  UNAVAILABLE(69),
  /// Not now: the caller should keep the message and try again.
  TEMPFAIL(75),
  /// The settings are wrong.
  CONFIG(78);

  final int status;

  Sysexit(int status) {
    this.status = status;
  }
}
