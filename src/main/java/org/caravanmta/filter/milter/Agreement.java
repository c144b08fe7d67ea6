package org.caravanmta.filter.milter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the two sides of a connection have agreed on before anything else
/// (draft-adams-milter-protocol-00, "Option negotiation").
///
/// @param version of the protocol that the filter speaks, 2 to 6
/// @param abilities what the filter may change
/// @param waivers what the filter does without
/// @param macros the names of the macros that the filter wants at an event, in place of ours
record Agreement(
    int version,
    Set<Ability> abilities,
    Set<Waiver> waivers,
    Map<MilterEvent, List<String>> macros) {
  /// The version that we speak.
  static final int VERSION = 6;

  private static final int OLDEST = 2;

  private static final int WITH_UNKNOWN = 3;
  private static final int WITH_DATA = 4;

  /// Where the names of macros begin: after three numbers.
  private static final int FIXED = 12;

  /// What we offer: all that there is.
  static byte[] offer() {
    return ByteBuffer.allocate(FIXED)
        .putInt(VERSION)
        .putInt(Ability.all())
        .putInt(Waiver.all())
        .array();
  }

  /// Reads the filter's answer. What it says beyond our offer means nothing.
  ///
  /// @throws IOException if it is not one
  static Agreement of(MilterPacket packet) throws IOException {
    if (packet.letter() != MilterCommand.NEGOTIATE.letter()) {
      throw new IOException(
          "expected the milter to negotiate, found 0x" + Integer.toHexString(packet.letter()));
    }
    int version = packet.number(0);
    if (version < OLDEST || version > VERSION) {
      throw new IOException(
          "expected version "
              + OLDEST
              + " to "
              + VERSION
              + " of the milter protocol, found "
              + Integer.toUnsignedString(version));
    }
    int abilities = packet.number(4);
    int waivers = packet.number(8);
    return new Agreement(version, Ability.in(abilities), Waiver.in(waivers), macros(packet));
  }

  private static Map<MilterEvent, List<String>> macros(MilterPacket packet) throws IOException {
    var macros = new EnumMap<MilterEvent, List<String>>(MilterEvent.class);
    int at = FIXED;
    while (at < packet.data().length) {
      int number = packet.number(at);
      List<String> names = packet.texts(at + 4, 1);
      String list = names.getFirst();
      event(number)
          .ifPresent(
              event ->
                  macros.put(
                      event,
                      List.of(list.strip().split("[\\s,]+")).stream()
                          .filter(name -> !name.isEmpty())
                          .toList()));
      at += 4 + end(packet, at + 4);
    }
    return Map.copyOf(macros);
  }

  /// How long the text at an offset is, with its zero.
  private static int end(MilterPacket packet, int from) {
    int end = from;
    while (packet.data()[end] != 0) {
      end++;
    }
    return end - from + 1;
  }

  private static Optional<MilterEvent> event(int number) {
    for (MilterEvent event : MilterEvent.values()) {
      if (event.number() == number && number >= 0) {
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  /// Whether the filter's version of the protocol has an event.
  boolean isKnown(MilterEvent event) {
    return switch (event) {
      case DATA -> version >= WITH_DATA;
      case UNKNOWN -> version >= WITH_UNKNOWN;
      case CONNECT, HELO, MAIL, RCPT, HEADER, END_OF_HEADERS, BODY, END_OF_MESSAGE -> true;
    };
  }

  /// Whether the filter wants to be told of an event.
  boolean wants(MilterEvent event) {
    return isKnown(event) && event.unwanted().filter(waivers::contains).isEmpty();
  }

  /// Whether the filter answers an event that it is told of.
  boolean answers(MilterEvent event) {
    return event.silent().filter(waivers::contains).isEmpty();
  }

  boolean has(Waiver waiver) {
    return waivers.contains(waiver);
  }

  /// Whether the filter may ask for a change.
  boolean allows(Modification change) {
    return switch (change) {
      case Modification.AddHeader _, Modification.InsertHeader _ ->
          abilities.contains(Ability.ADD_HEADERS);
      case Modification.ChangeHeader _ -> abilities.contains(Ability.CHANGE_HEADERS);
      case Modification.AddRecipient(_, String parameters) ->
          abilities.contains(
              parameters.isEmpty()
                  ? Ability.ADD_RECIPIENTS
                  : Ability.ADD_RECIPIENTS_WITH_PARAMETERS);
      case Modification.DeleteRecipient _ -> abilities.contains(Ability.DELETE_RECIPIENTS);
      case Modification.ChangeSender _ -> abilities.contains(Ability.CHANGE_SENDER);
      case Modification.ReplaceBody _ -> abilities.contains(Ability.CHANGE_BODY);
      case Modification.Quarantine _ -> abilities.contains(Ability.QUARANTINE);
    };
  }
}
