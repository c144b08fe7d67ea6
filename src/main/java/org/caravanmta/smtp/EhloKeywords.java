package org.caravanmta.smtp;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;

/// Keywords that a server leaves out of its reply to EHLO (RFC 5321 §4.1.1.1), as the operator
/// names them (postfix `smtpd_discard_ehlo_keywords`).
///
/// @param extensions the extensions that are left out
/// @param silent whether the log does not mention this (`silent-discard`)
public record EhloKeywords(Set<Extension> extensions, boolean silent) {
  public static final EhloKeywords NONE = new EhloKeywords(Set.of(), false);

  private static final String SILENT = "silent-discard";

  public EhloKeywords {
    extensions = Set.copyOf(extensions);
  }

  /// Reads keywords, in any case.
  ///
  /// @throws IllegalArgumentException names the word that is not a keyword, and those that are
  public static EhloKeywords of(Collection<String> words) {
    var extensions = EnumSet.noneOf(Extension.class);
    boolean silent = false;
    for (String word : words) {
      if (Ascii.same(word, SILENT)) {
        silent = true;
      } else {
        extensions.add(
            Extension.of(word)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "\"" + word + "\", which is not one of " + known())));
      }
    }
    return new EhloKeywords(extensions, silent);
  }

  private static String known() {
    return Stream.concat(
            Arrays.stream(Extension.values()).map(Extension::toString), Stream.of(SILENT))
        .map(Ascii::lower)
        .collect(Collectors.joining(", "));
  }

  /// The extensions as the log names them: `DSN CHUNKING`.
  @Override
  public String toString() {
    return extensions.stream().sorted().map(Extension::toString).collect(Collectors.joining(" "));
  }
}
