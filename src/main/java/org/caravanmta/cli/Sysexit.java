package org.caravanmta.cli;

/// An exit status of `sendmail`, as the programs that call it understand it (BSD `sysexits(3)`).
enum Sysexit {
  /// It is done.
  OK(0),
  /// The arguments make no sense, or ask for something that `sendmail` does not do here.
  USAGE(64),
  /// The message or an address in it is wrong.
  DATAERR(65),
  /// The calling user has no name.
  NOUSER(67),
  /// The message is too large, or the server does not run or could not do it.
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
