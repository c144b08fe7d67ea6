package org.caravanmta.address;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Where in a message an address stands (RFC 5321 §2.3.1, RFC 5322 §3.6), as a rule of rewriting
/// may be for some places and not for others (postfix `canonical_classes`).
public enum AddressClass {
  ENVELOPE_SENDER,
  ENVELOPE_RECIPIENT,
  HEADER_SENDER,
  HEADER_RECIPIENT;

  /// `envelope-sender`, as settings have it.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// @throws IllegalArgumentException names the word that is none of ours
  public static Set<AddressClass> set(List<String> words) {
    var set = EnumSet.noneOf(AddressClass.class);
    for (String word : words) {
      set.add(
          Arrays.stream(values())
              .filter(known -> known.word().equals(word))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "\"" + word + "\" is not one of " + String.join(", ", words()))));
    }
    return set;
  }

  private static List<String> words() {
    return Arrays.stream(values()).map(AddressClass::word).collect(Collectors.toList());
  }
}
