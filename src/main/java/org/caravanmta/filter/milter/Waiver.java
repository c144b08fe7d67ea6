package org.caravanmta.filter.milter;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a filter does without, or asks for, when the two sides agree (SMFIP of libmilter).
enum Waiver {
  NO_CONNECT(0x1),
  NO_HELO(0x2),
  NO_MAIL(0x4),
  NO_RCPT(0x8),
  NO_BODY(0x10),
  NO_HEADERS(0x20),
  NO_END_OF_HEADERS(0x40),
  SILENT_HEADERS(0x80),
  NO_UNKNOWN(0x100),
  NO_DATA(0x200),
  /// It may answer {@link Reply.Skip}.
  MAY_SKIP(0x400),
  /// It wants to hear of recipients that have been refused already.
  REFUSED_RECIPIENTS(0x800),
  SILENT_CONNECT(0x1000),
  SILENT_HELO(0x2000),
  SILENT_MAIL(0x4000),
  SILENT_RCPT(0x8000),
  SILENT_DATA(0x10000),
  SILENT_UNKNOWN(0x20000),
  SILENT_END_OF_HEADERS(0x40000),
  SILENT_BODY(0x80000),
  /// Values of header fields are sent, and come, with the white space after the colon.
  LEADING_SPACE(0x100000);

  private final int bit;

  Waiver(int bit) {
    this.bit = bit;
  }

  /// All of them, as one number.
  static int all() {
    return Arrays.stream(values()).mapToInt(waiver -> waiver.bit).sum();
  }

  /// Those in a number; other bits mean nothing.
  static Set<Waiver> in(int number) {
    return Arrays.stream(values())
        .filter(waiver -> (number & waiver.bit) != 0)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Waiver.class)));
  }
}
