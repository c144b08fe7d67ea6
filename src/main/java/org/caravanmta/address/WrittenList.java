package org.caravanmta.address;

import java.util.List;

/// A list of addresses, files and commands as people write it in tables and `.forward` files (RFC
/// 822 §6.1; postfix `aliases(5)`, `virtual(5)`), read as Postfix reads it:
///
/// | written | members |
/// |---|---|
/// | `a@x.example, b@y.example` | both |
/// | `a@x.example b@y.example`, `<a@x.example> <b@y.example>` | both: a comma that lacks is added |
/// | `Ann (at home) <a@x.example>` | `a@x.example` |
/// | `team: a@x.example, b@y.example;` | the members of the group |
/// | `"\|cat > file"`, `\|"cat > file"` | one, with its blanks |
/// | `\|cat file` | two, `\|cat` and `file` |
///
/// @param members in their order
public record WrittenList(List<WrittenMember> members) {
  public static WrittenList parse(String text) {
    return new WrittenList(AddressTree.parse(text).members());
  }
}
