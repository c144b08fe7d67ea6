package org.caravanmta.filter.milter;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A point of a session at which a filter may be told something, may answer, and is given macros.
/// Each has the command that tells it, the number by which a filter names macros for it (-1 where
/// it cannot), and the waivers by which a filter does without the command, and does not answer it.
public enum MilterEvent {
  CONNECT(MilterCommand.CONNECT, 0, Waiver.NO_CONNECT, Waiver.SILENT_CONNECT),
  HELO(MilterCommand.HELO, 1, Waiver.NO_HELO, Waiver.SILENT_HELO),
  MAIL(MilterCommand.MAIL, 2, Waiver.NO_MAIL, Waiver.SILENT_MAIL),
  RCPT(MilterCommand.RCPT, 3, Waiver.NO_RCPT, Waiver.SILENT_RCPT),
  DATA(MilterCommand.DATA, 4, Waiver.NO_DATA, Waiver.SILENT_DATA),
  UNKNOWN(MilterCommand.UNKNOWN, -1, Waiver.NO_UNKNOWN, Waiver.SILENT_UNKNOWN),
  HEADER(MilterCommand.HEADER, -1, Waiver.NO_HEADERS, Waiver.SILENT_HEADERS),
  END_OF_HEADERS(
      MilterCommand.END_OF_HEADERS, 6, Waiver.NO_END_OF_HEADERS, Waiver.SILENT_END_OF_HEADERS),
  BODY(MilterCommand.BODY, -1, Waiver.NO_BODY, Waiver.SILENT_BODY),
  END_OF_MESSAGE(MilterCommand.END_OF_MESSAGE, 5, null, null);

  private final MilterCommand command;
  private final int number;
  private final Optional<Waiver> unwanted;
  private final Optional<Waiver> silent;

  MilterEvent(
      MilterCommand command, int number, @Nullable Waiver unwanted, @Nullable Waiver silent) {
    this.command = command;
    this.number = number;
    this.unwanted = Optional.ofNullable(unwanted);
    this.silent = Optional.ofNullable(silent);
  }

  MilterCommand command() {
    return command;
  }

  int number() {
    return number;
  }

  Optional<Waiver> unwanted() {
    return unwanted;
  }

  Optional<Waiver> silent() {
    return silent;
  }
}
