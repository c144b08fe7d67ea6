package org.caravanmta.rewrite;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Fault;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.TableName;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;

/// Puts others in place of recipients who are virtual aliases (postfix `virtual(5)`, RFC 5321
/// §3.9.1), and again in theirs, in domains of any kind. An address that stands for itself among
/// others stays: `ann ann, copy@archive.example`. The original recipient, NOTIFY and ORCPT go with
/// each (RFC 3461 §5.2.7).
public final class VirtualAliases {
  /// How many recipients all of a message's recipients together may become.
  private static final int MOST = 10_000;

  private static final Reply EXPANSION = Reply.of(451, "4.6.0", "Alias expansion error");
  private static final Reply LOOKUP = Reply.of(451, "4.3.0", "Temporary lookup failure");

  private final AddressMapping aliases;
  private final VirtualAliasSettings own;

  /// @param aliases the tables, searched by the standard search
  /// @param propagate whether the part of an address that the key did not cover goes with it
  public VirtualAliases(
      AddressSearch aliases, Origin origin, boolean propagate, VirtualAliasSettings own) {
    this.aliases = new AddressMapping(aliases, origin, propagate);
    this.own = own;
  }

  /// Opens tables whose values are lists of addresses.
  ///
  /// @throws org.caravanmta.table.TableProblem if one cannot be read
  public static SearchPath tables(List<TableName> tables, InstantSource clock) {
    return Tables.search(tables, clock, new OfAddresses());
  }

  /// A list that cannot be read is waited for by its recipients, and by nobody else.
  ///
  /// The value of a domain's entry, `example.org anything`, does not matter.
  private static final class OfAddresses implements Values {
    @Override
    public boolean tolerant() {
      return true;
    }

    @Override
    public void check(String value) {
      AddressMapping.expect(value);
    }

    @Override
    public void check(String key, String value) {
      if (key.contains("@") || !key.contains(".")) {
        check(value);
      }
    }
  }

  public Case rewrite(Case c) {
    return Fault.held("virtual aliases", c, this::aliased);
  }

  private Case aliased(Case c) {
    return c.ifMessage(
        message ->
            message.open() && !aliases.search().path().isEmpty() ? expanded(message) : message);
  }

  private Case expanded(Case.Message message) {
    Mail mail = message.mail();
    Map<Key, Recipient> recipients = new LinkedHashMap<>();
    for (Recipient recipient : mail.recipients()) {
      switch (expansion(mail.id(), recipient.address())) {
        case Expansion.Of(List<Address> addresses) -> {
          Recipient alias = told(recipient, addresses);
          for (Address address : addresses) {
            Recipient result = alias.to(address);
            recipients.putIfAbsent(
                own.originalRecipients() ? Key.of(result) : Key.ofAddress(result), result);
          }
        }
        case Expansion.Refused(Reply reply) -> {
          return message.decided(new Verdict.Defer(reply));
        }
      }
      if (recipients.size() > MOST) {
        Events.tell(new StageEvent.TooManyAliases(mail.id(), MOST));
        return message.decided(new Verdict.Defer(EXPANSION));
      }
    }
    return message.with(mail.with(List.copyOf(recipients.values()))).orTooMany();
  }

  /// With the mark of an alias, if it is one and its sender wants to hear that.
  private static Recipient told(Recipient recipient, List<Address> addresses) {
    boolean alias =
        addresses.size() > 1 || !addresses.getFirst().key().equals(recipient.address().key());
    return alias && recipient.wants(Notify.Event.SUCCESS, false)
        ? recipient.because(Reason.EXPANDED)
        : recipient;
  }

  private sealed interface Expansion {
    record Of(List<Address> addresses) implements Expansion {}

    record Refused(Reply reply) implements Expansion {}
  }

  /// Replaces each address by the first of those it stands for, until it stands for nothing or for
  /// itself; the others wait at the end of the list for their turn.
  private Expansion expansion(String id, Address recipient) {
    var addresses = new ArrayList<Address>(List.of(recipient));
    Set<String> itself = new HashSet<>();
    for (int i = 0; i < addresses.size(); i++) {
      int turns = 0;
      boolean ends = itself.contains(addresses.get(i).key());
      while (!ends) {
        Address from = addresses.get(i);
        // counted before the table is asked, as in Postfix
        if (turns >= own.limits().virtualTurnLimit()) {
          return endless(id, recipient);
        }
        switch (aliases.map(from)) {
          case AddressMapping.Mapped.To(List<Address> to) -> {
            if (to.stream().anyMatch(address -> address.key().equals(from.key()))) {
              itself.add(from.key());
            }
            addresses.set(i, to.getFirst());
            addresses.addAll(to.subList(1, to.size()));
            turns++;
            if (addresses.size() > own.limits().virtualResultLimit()
                || to.stream()
                    .anyMatch(
                        address ->
                            address.toString().length() > own.limits().virtualLengthLimit())) {
              return endless(id, recipient);
            }
            ends = itself.contains(addresses.get(i).key());
          }
          case AddressMapping.Mapped.Unmapped() -> ends = true;
          case AddressMapping.Mapped.Unavailable(String why) -> {
            Events.tell(new StageEvent.AliasUnknown(id, recipient.toString(), why));
            return new Expansion.Refused(LOOKUP);
          }
        }
      }
    }
    return new Expansion.Of(addresses);
  }

  private static Expansion endless(String id, Address recipient) {
    Events.tell(new StageEvent.AliasEndless(id, recipient.toString()));
    return new Expansion.Refused(EXPANSION);
  }

  /// What makes two recipients the same one.
  private record Key(
      String address, String original, Optional<Notify> notifyOn, Optional<String> orcpt) {
    static Key ofAddress(Recipient recipient) {
      return new Key(recipient.address().key(), "", Optional.empty(), Optional.empty());
    }

    static Key of(Recipient recipient) {
      return new Key(
          recipient.address().key(),
          recipient.original().key(),
          recipient.notifyOn(),
          recipient.orcpt().map(text -> text.toLowerCase(Locale.ROOT)));
    }
  }
}
