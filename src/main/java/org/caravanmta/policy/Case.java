package org.caravanmta.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Reply;

/// A question that travels along a route, with the verdict so far: may this client connect, may
/// this recipient have mail, may this message be taken? Reception asks all of them; for mail that
/// was submitted locally `submission` asks the last. A route step takes a case and returns it,
/// decided or unchanged; first it asks whether it is still {@link #open}.
public sealed interface Case {
  /// The client that the question is about.
  Client client();

  /// The verdict so far.
  Verdict verdict();

  /// This case with another verdict.
  Case decided(Verdict verdict);

  /// The stage of the dialogue: `connect`, `helo`, `sender`, `recipient`, `data`, `message`, or
  /// `event` for what only content filters are told; routes see it as the header `stage`.
  String stage();

  /// Whether no step has decided it yet.
  default boolean open() {
    return verdict() instanceof Verdict.Undecided;
  }

  /// Whether checks may still refuse it: nothing is decided yet but that it is to be held.
  default boolean unsettled() {
    return open() || verdict() instanceof Verdict.Hold;
  }

  /// Applies a step that is for messages; any other case is returned unchanged.
  default Case ifMessage(Function<Message, Case> step) {
    return switch (this) {
      case Message message -> step.apply(message);
      case Connection _, Rcpt _, Data _, Event _ -> this;
    };
  }

  /// Applies a step that is for recipients; any other case is returned unchanged.
  default Case ifRecipient(Function<Rcpt, Case> step) {
    return switch (this) {
      case Rcpt rcpt -> step.apply(rcpt);
      case Connection _, Data _, Message _, Event _ -> this;
    };
  }

  /// A case that passes the restriction lists.
  sealed interface Listed extends Case {
    /// Where it is on its way along the lists, and what has been noted.
    RestrictionState restrictionState();

    /// This case with another state.
    Listed with(RestrictionState changed);

    @Override
    Listed decided(Verdict changed);

    /// How many recipients of the transaction have been accepted so far.
    int accepted();

    /// Whether the current list is not finished: nothing has been decided, and no restriction has
    /// permitted the case.
    default boolean asking() {
      return verdict() instanceof Verdict.Undecided && !restrictionState().permitted();
    }

    /// The verdict, with the effect of what was noted in case it is permitted: a deferral, or that
    /// the message is to be held.
    default Verdict outcome() {
      return switch (verdict()) {
        case Verdict.Undecided(), Verdict.Permit() ->
            restrictionState().inEffect().orElse(verdict());
        case Verdict.Hold _ ->
            restrictionState().deferIfPermit().<Verdict>map(Verdict.Defer::new).orElse(verdict());
        case Verdict.Discard(_), Verdict.Taken(_), Verdict.Defer(_), Verdict.Reject(_) -> verdict();
      };
    }
  }

  /// May this client talk to us? It is asked when the client has connected, and answered by its
  /// first RCPT at the latest; where refusals are not delayed until then (postfix
  /// `smtpd_delay_reject`), it is also asked at HELO and MAIL.
  ///
  /// @param command the command at which it is asked: `CONNECT`, `HELO`, `EHLO` or `MAIL`
  /// @param sender the sender of MAIL; before MAIL the null sender
  record Connection(
      Client client,
      Verdict verdict,
      RestrictionState restrictionState,
      String command,
      ReversePath sender)
      implements Listed {
    /// Asked when the client has connected.
    public Connection(Client client, Verdict verdict) {
      this(client, verdict, RestrictionState.START, "CONNECT", ReversePath.NULL);
    }

    /// The restriction list that is asked at this command.
    public RestrictionList list() {
      return switch (command) {
        case "HELO", "EHLO" -> RestrictionList.HELO;
        case "MAIL" -> RestrictionList.SENDER;
        default -> RestrictionList.CLIENT;
      };
    }

    /// A deferral that was noted in case nothing rejects the client has its effect on the
    /// recipients that follow, not here.
    @Override
    public Verdict outcome() {
      return switch (verdict) {
        case Verdict.Undecided(), Verdict.Permit() -> restrictionState.held().orElse(verdict);
        case Verdict.Hold _,
            Verdict.Discard(_),
            Verdict.Taken(_),
            Verdict.Defer(_),
            Verdict.Reject(_) ->
            verdict;
      };
    }

    @Override
    public Connection decided(Verdict changed) {
      return new Connection(client, changed, restrictionState, command, sender);
    }

    @Override
    public Connection with(RestrictionState changed) {
      return new Connection(client, verdict, changed, command, sender);
    }

    /// The same question about a client of which more is known by now.
    public Connection of(Client changed) {
      return new Connection(changed, verdict, restrictionState, command, sender);
    }

    @Override
    public boolean open() {
      return asking();
    }

    @Override
    public int accepted() {
      return 0;
    }

    @Override
    public String stage() {
      return switch (list()) {
        case HELO -> "helo";
        case SENDER -> "sender";
        case NONE, CLIENT, RELAY, RECIPIENT, DATA, END_OF_DATA -> "connect";
      };
    }
  }

  /// May this recipient have mail from this client and sender?
  ///
  /// @param accepted how many recipients have been accepted before it in this transaction. They are
  ///   not named, as the questions about a long envelope would otherwise grow with the square of
  ///   its length
  /// @param vouched whether the relay list, or a restriction that knows its domain as ours, has
  ///   said that mail for this recipient may be accepted. Otherwise the answer is `554 5.7.1 Relay
  ///   access denied` even if nothing else is against it, so that a route without a relay step is
  ///   not an open relay
  record Rcpt(
      Client client,
      ReversePath sender,
      Address recipient,
      int accepted,
      boolean vouched,
      Verdict verdict,
      RestrictionState restrictionState)
      implements Listed {
    /// Before the first restriction list.
    public Rcpt(
        Client client,
        ReversePath sender,
        Address recipient,
        int accepted,
        boolean vouched,
        Verdict verdict) {
      this(client, sender, recipient, accepted, vouched, verdict, RestrictionState.START);
    }

    @Override
    public Rcpt decided(Verdict changed) {
      return new Rcpt(client, sender, recipient, accepted, vouched, changed, restrictionState);
    }

    @Override
    public Rcpt with(RestrictionState changed) {
      return new Rcpt(client, sender, recipient, accepted, vouched, verdict, changed);
    }

    /// The same question after the relay list has said that mail for this recipient may be
    /// accepted.
    public Rcpt vouchedFor() {
      return new Rcpt(client, sender, recipient, accepted, true, verdict, restrictionState);
    }

    /// Whether nothing has been decided or permitted, and no deferral has been noted.
    @Override
    public boolean open() {
      return asking() && restrictionState.deferIfPermit().isEmpty();
    }

    @Override
    public String stage() {
      return "recipient";
    }
  }

  /// May the client send the content? It is asked at DATA, if the route has restrictions for it.
  ///
  /// @param recipients those that were accepted
  record Data(
      Client client,
      ReversePath sender,
      List<Address> recipients,
      Verdict verdict,
      RestrictionState restrictionState)
      implements Listed {
    @Override
    public Data decided(Verdict changed) {
      return new Data(client, sender, recipients, changed, restrictionState);
    }

    @Override
    public Data with(RestrictionState changed) {
      return new Data(client, sender, recipients, verdict, changed);
    }

    @Override
    public int accepted() {
      return recipients.size();
    }

    @Override
    public String stage() {
      return "data";
    }
  }

  /// May this message be taken? It has been received whole, and steps may return it changed. A
  /// route step that names a durable queue puts the mail there if the verdict says so: on `hold` if
  /// the message is to be held, on `quarantine` if a content filter has set it aside, on any other
  /// queue if nothing is against it.
  ///
  /// @param kept whether a queue has it on stable storage; otherwise a message that nothing is
  ///   against is answered with 451, so that a route that forgets the queue loses nothing
  record Message(Mail mail, Verdict verdict, boolean kept, RestrictionState restrictionState)
      implements Listed, Handover {
    /// Before any step.
    public Message(Mail mail) {
      this(mail, Verdict.UNDECIDED, false);
    }

    /// Before the first restriction list.
    public Message(Mail mail, Verdict verdict, boolean kept) {
      this(mail, verdict, kept, RestrictionState.START);
    }

    @Override
    public List<Task> tasks(String name) {
      boolean takes =
          switch (outcome()) {
            case Verdict.Undecided(), Verdict.Permit() ->
                !name.equals(Queues.HOLD) && !name.equals(Queues.QUARANTINE);
            case Verdict.Hold(_, String queue) -> name.equals(queue);
            case Verdict.Defer(_), Verdict.Reject(_), Verdict.Discard(_), Verdict.Taken(_) -> false;
          };
      return takes
          ? Portions.of(mail).stream().map(part -> new Task(name, part)).toList()
          : List.of();
    }

    /// This message, or its deferral if rewriting has given it more recipients than can be queued:
    /// `452 4.5.3 Too many recipients` (RFC 5321 §4.5.3.1.10).
    public Message orTooMany() {
      return Portions.canBeQueued(mail)
          ? this
          : decided(new Verdict.Defer(Reply.of(452, "4.5.3", "Too many recipients")));
    }

    @Override
    public Message kept(String name) {
      return new Message(mail, verdict, true, restrictionState);
    }

    @Override
    public Client client() {
      return mail.envelope().client();
    }

    @Override
    public Message decided(Verdict changed) {
      return new Message(mail, changed, kept, restrictionState);
    }

    /// This message with other content, recipients or sender.
    public Message with(Mail changed) {
      return new Message(changed, verdict, kept, restrictionState);
    }

    @Override
    public Message with(RestrictionState changed) {
      return new Message(mail, verdict, kept, changed);
    }

    @Override
    public int accepted() {
      return mail.recipients().size();
    }

    @Override
    public String stage() {
      return "message";
    }
  }

  /// May the dialogue go on? Content filters that follow the dialogue step by step are told of each
  /// step when it happens, and may refuse it (draft-adams-milter-protocol-00); restrictions are
  /// asked by questions of their own, before. It is put only if a step of the route wants it.
  ///
  /// @param wanted the kinds of event of which a step wants to be told from now on; reception asks
  ///   about no others until the session ends
  record Event(Client client, Verdict verdict, DialogueEvent event, Set<DialogueEvent.Kind> wanted)
      implements Case {
    public Event {
      wanted = Set.copyOf(wanted);
    }

    /// Before any step: none has said yet what it wants.
    public Event(Client client, DialogueEvent event) {
      this(client, Verdict.UNDECIDED, event, Set.of());
    }

    @Override
    public Event decided(Verdict changed) {
      return new Event(client, changed, event, wanted);
    }

    /// The same after a step that wants to be told of events of these kinds.
    public Event wanting(Set<DialogueEvent.Kind> more) {
      var all = new HashSet<>(wanted);
      all.addAll(more);
      return new Event(client, verdict, event, all);
    }

    @Override
    public String stage() {
      return "event";
    }
  }
}
