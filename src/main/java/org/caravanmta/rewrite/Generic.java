package org.caravanmta.rewrite;

import java.util.EnumSet;
import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Mail;
import org.caravanmta.message.SentCopy;
import org.caravanmta.table.AddressSearch;

/// Puts addresses that are valid elsewhere in place of those that are valid only here, in the copy
/// that leaves by SMTP, or others in that which leaves by LMTP (postfix `generic(5)`): in the
/// envelope, and in the header section whoever the client was. Looked up once, for one address.
public final class Generic implements SentCopy {
  private final AddressMapping table;

  /// @param propagate whether the part of an address that the key did not cover goes with it
  public Generic(AddressSearch search, Origin origin, boolean propagate) {
    this.table = new AddressMapping(search, origin, propagate);
  }

  @Override
  public Made of(Mail mail) {
    if (table.search().path().isEmpty()) {
      return new Made.Ready(mail);
    }
    try {
      return new Made.Ready(
          mail.with(mail.envelope().with(sender(mail.reversePath())))
              .with(mail.recipients().stream().map(r -> r.to(put(r.address()))).toList())
              .with(
                  AddressFields.map(
                      mail.headers(), EnumSet.allOf(AddressClass.class), this::written)));
    } catch (Unavailable e) {
      return new Made.Unavailable(e.why());
    }
  }

  private ReversePath sender(ReversePath path) {
    return switch (path) {
      case ReversePath.Null() -> path;
      case ReversePath.Mailbox(Address address) -> ReversePath.of(put(address));
    };
  }

  private String written(String text) {
    if (text.indexOf('@') < 0) {
      return text;
    }
    Address given;
    try {
      given = Address.parse(text);
    } catch (IllegalArgumentException e) {
      return text;
    }
    Address put = put(given);
    return put.equals(given) ? text : put.toString();
  }

  private Address put(Address address) {
    return switch (table.map(address)) {
      case AddressMapping.Mapped.To(List<Address> to) -> to.getFirst();
      case AddressMapping.Mapped.Unmapped() -> address;
      case AddressMapping.Mapped.Unavailable(String why) -> throw new Unavailable(why);
    };
  }
}
