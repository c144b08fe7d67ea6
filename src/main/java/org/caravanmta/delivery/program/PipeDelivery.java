package org.caravanmta.delivery.program;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.account.RunningAs;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.alias.Fillable;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.mailbox.MailboxCopy;
import org.caravanmta.delivery.mailbox.Mbox;
import org.caravanmta.event.Delays;
import org.caravanmta.event.Events;
import org.caravanmta.event.LocalEvent;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Client;
import org.caravanmta.message.Destination;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Transport;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.table.Extensions;

/// Delivers to one of the operator's programs, on its standard input (postfix `pipe(8)`; RFC 5321
/// §2.3.10: a gateway). Its arguments may use the names of {@link PipeProgram#NAMES} for parts of
/// the envelope, and no shell reads them; {@link Programs} says what its exit status means.
public final class PipeDelivery {
  private static final Destination NOWHERE = new Destination.Program("", "");

  private final Map<String, PipeProgram> all;
  private final Programs programs;
  private final boolean root;
  private final Extensions extensions;
  private final Bodies bodies;
  private final InstantSource clock;

  /// @param all the programs, by the names of their transports
  /// @param root whether the server runs as root, which it must to run them as other users
  public PipeDelivery(
      Map<String, PipeProgram> all,
      Programs programs,
      boolean root,
      Extensions extensions,
      Bodies bodies,
      InstantSource clock) {
    this.all = Map.copyOf(all);
    this.programs = programs;
    this.root = root;
    this.extensions = extensions;
    this.bodies = bodies;
    this.clock = clock;
  }

  /// The next hop is `NAME`, or `NAME:NEXTHOP`.
  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Instant begun = clock.instant();
    Destination given = mail.envelope().destination().orElse(NOWHERE);
    if (!(given.by(Transport.PIPE) instanceof Destination.Program(String name, String argument))) {
      throw new IllegalStateException(given.toString());
    }
    Optional<PipeProgram> program = Optional.ofNullable(all.get(name));
    var action =
        program.filter(one -> one.has('X')).isPresent()
            ? Notice.Action.DELIVERED
            : Notice.Action.RELAYED;
    var results = new ArrayList<RecipientResult>();
    for (Recipient recipient : mail.recipients()) {
      String domain = recipient.address().domain().name();
      String nextHop = argument.isEmpty() ? domain : argument;
      Attempt attempt =
          program
              .map(one -> attempt(one, nextHop, mail, recipient))
              .orElseGet(() -> deferred("4.3.5", "delivery.programs has no " + name));
      if (attempt instanceof Attempt.Deferred(Reason reason)) {
        Events.tell(new LocalEvent.NotPiped(mail, name, reason));
      }
      results.add(new RecipientResult(recipient, attempt, name, 0, Optional.of(action)));
    }
    return new TaskOutcome(
        mail, results, Delays.of(mail.envelope(), begun, begun, clock.instant()), true, List.of());
  }

  private Attempt attempt(PipeProgram program, String nextHop, Mail mail, Recipient recipient) {
    var copy = new MailboxCopy(mail, recipient, bodies, program.has('O'));
    Optional<Attempt> unfit = copy.unfit("command");
    if (unfit.isPresent()) {
      return unfit.get();
    }
    if (program.size() > 0 && mail.size() > program.size()) {
      return failed(
          "5.2.3",
          "message size %d exceeds size limit %d for transport %s"
              .formatted(mail.size(), program.size(), program.name()));
    }
    if (program.has('D') && MailboxCopy.hasBeenHere(mail.headers(), recipient)) {
      return failed("5.4.6", "mail forwarding loop for " + recipient.address());
    }
    Path path = Path.of(program.words().getFirst());
    if (!Files.isExecutable(path)) {
      return deferred("4.3.5", path + " is not a program that can be run");
    }
    var values = values(program, nextHop, mail, recipient);
    var words = new ArrayList<String>();
    for (String word : program.words()) {
      String filled = Fillable.parse(word, PipeProgram.NAMES).with(values);
      if (filled.startsWith("-") && !word.startsWith("-") && !filled.equals(program.nullSender())) {
        // it would be an option, and a stranger's (postfix allow_min_user)
        String what = word.contains("client_") || word.contains("sasl_") ? "a name" : "an address";
        return failed("5.1.3", what + " that begins with a - is not handed to a program");
      }
      words.add(filled);
    }
    try {
      return programs.run(program, words, user(program), out -> write(program, copy, out));
    } catch (IOException e) {
      return deferred("4.3.5", String.valueOf(e.getMessage()));
    }
  }

  private Optional<SystemUser> user(PipeProgram program) throws IOException {
    String name = program.user();
    if (!root) {
      if (!name.equals(RunningAs.name())) {
        throw new IOException("only root can run it as " + name);
      }
      return Optional.empty();
    }
    SystemUser user =
        SystemUser.named(name).orElseThrow(() -> new IOException("there is no user " + name));
    if (user.superuser()) {
      throw new IOException(name + " is root");
    }
    return Optional.of(user);
  }

  private Map<String, String> values(
      PipeProgram program, String nextHop, Mail mail, Recipient recipient) {
    Address address = recipient.address();
    var split = extensions.split(address);
    String local = address.localPart();
    String user = split.map(s -> s.base().localPart()).orElse(local);
    String extension = split.map(s -> s.extension().substring(1)).orElse("");
    Client client = mail.envelope().client();
    boolean fold = program.has('u');
    var values = new HashMap<String, String>();
    values.put("recipient", written(program, address));
    values.put("original_recipient", written(program, recipient.original()));
    values.put("sender", sender(program, mail));
    values.put("nexthop", domain(program, nextHop));
    values.put("user", fold ? lower(user) : user);
    values.put("extension", fold ? lower(extension) : extension);
    values.put("mailbox", fold ? lower(local) : local);
    values.put("domain", domain(program, address.domain().name()));
    values.put("size", Long.toString(mail.size()));
    values.put("queue_id", mail.id());
    values.put("client_address", Literals.text(client.address()));
    values.put("client_helo", client.helo());
    values.put("client_hostname", client.name());
    values.put("client_protocol", client.protocol());
    values.put("sasl_method", client.method().orElse(""));
    values.put("sasl_username", client.login().orElse(""));
    return values;
  }

  private static String written(PipeProgram program, Address address) {
    String local = address.localPart();
    var folded = new Address(program.has('u') ? lower(local) : local, address.domain());
    String quoted = folded.toString();
    String localPart =
        program.has('q') ? quoted.substring(0, quoted.lastIndexOf('@')) : folded.localPart();
    return localPart + "@" + domain(program, address.domain().name());
  }

  private static String domain(PipeProgram program, String domain) {
    return program.has('h') ? lower(domain) : domain;
  }

  private static String sender(PipeProgram program, Mail mail) {
    return switch (mail.reversePath()) {
      case ReversePath.Null() -> program.nullSender();
      case ReversePath.Mailbox(Address address) when program.has('q') -> address.toString();
      case ReversePath.Mailbox(Address address) ->
          address.localPart() + "@" + address.domain().name();
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void write(PipeProgram program, MailboxCopy copy, OutputStream to) throws IOException {
    String path = copy.mail().reversePath().toString();
    String sender = path.isEmpty() ? program.nullSender() : path;
    if (program.has('F')) {
      to.write(Mbox.from(sender, clock.instant()).getBytes(StandardCharsets.UTF_8));
    }
    String trace =
        (program.has('R') ? "Return-Path: <" + sender + ">\n" : "")
            + (program.has('O') ? "X-Original-To: " + copy.recipient().original() + "\n" : "")
            + (program.has('D') ? "Delivered-To: " + copy.recipient().address() + "\n" : "");
    OutputStream out = program.has('.') ? new Dots(to) : to;
    copy.write(trace, program.has('>') ? new Mbox.Quoted(out) : out);
    if (program.has('B')) {
      to.write('\n');
    }
    to.flush();
  }

  private static Attempt failed(String status, String text) {
    return new Attempt.Failed(Reason.of(status, text));
  }

  private static Attempt deferred(String status, String text) {
    return new Attempt.Deferred(Reason.of(status, text));
  }

  /// Doubles a dot at the start of a line (RFC 5321 §4.5.2).
  private static final class Dots extends FilterOutputStream {
    private boolean start = true;

    Dots(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      if (start && b == '.') {
        out.write('.');
      }
      out.write(b);
      start = b == '\n';
    }
  }
}
