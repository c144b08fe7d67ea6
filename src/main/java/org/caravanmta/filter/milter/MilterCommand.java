package org.caravanmta.filter.milter;

/// What the mail server tells a filter (SMFIC of libmilter).
enum MilterCommand {
  NEGOTIATE('O'),
  MACROS('D'),
  CONNECT('C'),
  HELO('H'),
  MAIL('M'),
  RCPT('R'),
  DATA('T'),
  UNKNOWN('U'),
  HEADER('L'),
  END_OF_HEADERS('N'),
  BODY('B'),
  END_OF_MESSAGE('E'),
  ABORT('A'),
  QUIT('Q');

  /// On the wire.
  private final char letter;

  MilterCommand(char letter) {
    this.letter = letter;
  }

  char letter() {
    return letter;
  }
}
