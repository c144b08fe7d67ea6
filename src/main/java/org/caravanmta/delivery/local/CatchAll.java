package org.caravanmta.delivery.local;

import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.alias.Fillable;
import org.caravanmta.table.Extensions;

/// The destination of mail for users who do not exist (RFC 5321 §3.9; postfix `luser_relay`): an
/// address, a `|command` or a `/file`. In it `$user`, `${user}` or `$(user)` stands for a part of
/// the recipient's address, `${extension?TEXT}` for TEXT if there is an extension,
/// `${extension:TEXT}` for TEXT if there is none, `${extension?{TEXT}:{TEXT}}` for one of two
/// texts, and `$$` for a dollar. `$home` and `$shell` are empty, as such a user has neither.
///
/// @param text empty for no destination
public record CatchAll(String text) {
  /// @throws IllegalArgumentException for a text that cannot be parsed; it says what was expected
  public CatchAll {
    Fillable.parse(text, Fillable.OF_A_USER);
  }

  /// Whether there is no destination.
  boolean isNone() {
    return text.isEmpty();
  }

  /// The destination for one recipient: an address, perhaps without a domain; one of our users
  /// after a backslash; a `|command` or a `/file`.
  String of(Address recipient, Extensions extensions) {
    Optional<Extensions.Split> split = extensions.split(recipient);
    String local = quoted(recipient.localPart());
    String domain = quoted(recipient.domain().name());
    String extension = split.map(Extensions.Split::extension).orElse("");
    var values =
        Map.of(
            "user",
            split.map(s -> quoted(s.base().localPart())).orElse(local),
            "local",
            local,
            "mailbox",
            local,
            "extension",
            extension.isEmpty() ? "" : quoted(extension.substring(1)),
            "domain",
            domain,
            "recipient",
            local + "@" + domain,
            "recipient_delimiter",
            extension.isEmpty() ? "" : extension.substring(0, 1),
            "home",
            "",
            "shell",
            "");
    return Fillable.parse(text, Fillable.OF_A_USER).with(values);
  }

  /// A part of the recipient's address with `_` in place of each character that could mean
  /// something in a local part, or, in a command or file, to a shell or the file system: the text
  /// comes from the sender.
  private String quoted(String part) {
    String plain = part.replaceAll("[^0-9A-Za-z!#%&'*+/=?^_{|}~.-]", "_");
    return !text.startsWith("|") && !text.startsWith("/")
        ? plain
        : plain.replaceAll("[^0-9A-Za-z%+=._-]", "_").replaceFirst("^[.-]", "_");
  }
}
