package org.caravanmta.alias;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.address.WrittenList;
import org.caravanmta.address.WrittenMember;
import org.caravanmta.message.Reason;

/// One item of what an alias stands for (RFC 5321 §3.9; postfix `aliases(5)`).
sealed interface AliasItem {
  /// As written, possibly without a domain.
  record Mailbox(String address) implements AliasItem {}

  /// A user after a backslash: into the mailbox, whatever aliases and `.forward` say.
  record Own(String address) implements AliasItem {}

  /// `/path`; with a `/` at its end, a Maildir.
  record File(Path path, boolean maildir) implements AliasItem {}

  /// `~/path`, below the home directory of the user who wrote it.
  ///
  /// @param below without the `/`
  record Home(String below) implements AliasItem {}

  /// `|command`.
  record Command(String line) implements AliasItem {}

  /// `:include:/path`: the destinations in that file, a list on each line.
  record Include(Path path) implements AliasItem {}

  /// Something that mail cannot be delivered to, whatever was meant.
  ///
  /// @param reason for the sender
  /// @param why for the operator
  record Nowhere(Reason reason, String why) implements AliasItem {}

  /// All that a sender needs to know.
  static Reason misconfigured() {
    return Reason.of("5.3.5", "mail system configuration error");
  }

  private static Nowhere misconfigured(String why) {
    return new Nowhere(misconfigured(), why);
  }

  /// A list in the one grammar for tables, `:include:` lists and `.forward` files, see {@link
  /// WrittenList}.
  static List<AliasItem> list(String text) {
    return WrittenList.parse(text).members().stream().map(AliasItem::of).toList();
  }

  private static AliasItem of(WrittenMember member) {
    String plain = member.plain();
    try {
      if (plain.startsWith("|")) {
        String line = plain.substring(1).strip();
        return line.isEmpty() ? misconfigured("| without a command") : new Command(line);
      }
      if (plain.startsWith("/")) {
        return new File(Path.of(plain), plain.endsWith("/"));
      }
      if (plain.startsWith("~")) {
        return plain.startsWith("~/")
            ? new Home(plain.substring(2))
            : misconfigured("bad home directory syntax for " + plain);
      }
      if (plain.regionMatches(true, 0, ":include:", 0, 9)) {
        String path = plain.substring(9).strip();
        return path.startsWith("/")
            ? new Include(Path.of(path))
            : misconfigured("expected :include:/path, found " + plain);
      }
    } catch (IllegalArgumentException e) {
      return misconfigured(String.valueOf(e.getMessage()));
    }
    if (plain.isEmpty()) {
      return new Nowhere(Reason.of("5.1.3", "bad recipient address syntax"), "an empty address");
    }
    return member.escaped() ? new Own(member.address()) : new Mailbox(member.address());
  }
}
