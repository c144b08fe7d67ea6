package org.caravanmta.alias;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.caravanmta.table.Extensions;

/// The name of the file in which a user says where his mail goes (postfix `forward_path`): names
/// separated by commas or white space, in which `$home`, `$user` and others stand for parts of the
/// address (RFC 5233 §4 has its extension), see {@link Fillable}; one in which a name stands for
/// nothing is left out. In a name with `%u`, the user, and `%d`, the domain, in their place, the
/// extension comes after it, or nothing.
///
/// @param text empty for no such files
public record ForwardPath(String text) {
  /// @param path below the data directory or absolute
  /// @param extension the part of the address that the name does not cover
  record Named(String path, String extension) {}

  /// @throws IllegalArgumentException says what was expected
  public ForwardPath {
    for (String name : names(text)) {
      if (name.contains("$")) {
        Fillable.parse(name, Fillable.OF_A_USER);
      }
      if (!name.contains("%u")
          && !name.matches(".*\\$[{(]?(user|home|local|recipient|mailbox)\\b.*")) {
        throw new IllegalArgumentException(
            "must contain %u, $user or $home, for the user: " + name);
      }
    }
  }

  boolean isNone() {
    return text.isBlank();
  }

  /// Whether the system must be asked who a user is.
  boolean asksSystem() {
    return text.contains("home") || text.contains("shell");
  }

  /// The files in the order in which they are tried.
  List<Named> of(Address user, Extensions extensions, Optional<SystemUser> known) {
    var named = new ArrayList<Named>();
    Optional<Extensions.Split> split = extensions.split(user);
    String base = split.map(s -> s.base().localPart()).orElse(user.localPart());
    String extension = split.map(Extensions.Split::extension).orElse("");
    String covered = extension.length() > 1 && !unsafe(extension) ? extension : "";
    for (String name : names(text)) {
      if (name.contains("$")) {
        Set<String> used = new HashSet<>();
        Fillable.parse(name, Fillable.OF_A_USER)
            .whole(values(user, base, covered, known), used)
            .map(path -> new Named(path, used.contains("extension") ? "" : extension))
            .ifPresent(named::add);
      } else {
        String path =
            name.replace("%d", user.domain().key()).replace("%u", base.toLowerCase(Locale.ROOT));
        if (!covered.isEmpty()) {
          named.add(new Named(path + covered.toLowerCase(Locale.ROOT), ""));
        }
        named.add(new Named(path, extension));
      }
    }
    return named;
  }

  private static Map<String, String> values(
      Address user, String base, String extension, Optional<SystemUser> known) {
    var values = new HashMap<String, String>();
    values.put("user", plain(base));
    values.put("local", plain(base + extension));
    values.put("mailbox", plain(base + extension));
    values.put("extension", plain(extension.isEmpty() ? "" : extension.substring(1)));
    values.put("recipient_delimiter", extension.isEmpty() ? "" : extension.substring(0, 1));
    values.put("domain", user.domain().key());
    values.put("recipient", plain(base + extension) + "@" + user.domain().key());
    values.put("home", known.map(SystemUser::home).orElse(""));
    values.put("shell", known.map(SystemUser::shell).orElse(""));
    return values;
  }

  /// In lower case, with every character that may not stand in a file name replaced (postfix
  /// `forward_expansion_filter`).
  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT)
        .replaceAll("[^0-9A-Za-z!@%_=+:,.\\-\\x{80}-\\x{10ffff}]", "_");
  }

  /// Whether a part of an address, used in a path, would lead elsewhere.
  static boolean unsafe(String name) {
    return name.isEmpty()
        || name.startsWith(".")
        || name.chars().anyMatch(c -> c == '/' || c == '%' || Character.isISOControl(c));
  }

  private static List<String> names(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("[,\\s]+"));
  }
}
