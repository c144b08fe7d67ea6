package org.caravanmta.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.PrintableWriter;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.submission.Draft;
import org.caravanmta.submission.Maildrop;
import org.caravanmta.submission.NamedRecipients;
import org.caravanmta.submission.Posting;
import org.caravanmta.submission.SendmailInput;

/// The program `sendmail`: posts the message on standard input into the maildrop, whether the
/// server runs or not (postfix `sendmail(1)`, `postdrop(1)`).
final class Sendmail {
  static final String NAME = "sendmail";

  /// Bytes that are read at a time.
  private static final int BLOCK = 64 * 1024;

  private final InputStream in;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Consumer<PrintWriter> usage;

  /// @param usage writes the help text
  Sendmail(InputStream in, PrintWriter out, PrintWriter err, Consumer<PrintWriter> usage) {
    this.in = in;
    this.out = new PrintWriter(new PrintableWriter(out));
    this.err = new PrintWriter(new PrintableWriter(err));
    this.usage = usage;
  }

  /// Why nothing is done, with the exit status for it.
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final Sysexit status;

    Refused(Sysexit status, String message) {
      super(message);
      this.status = status;
    }
  }

  /// Does what the arguments say.
  ///
  /// @return the exit status, see {@link Sysexit}
  int run(List<String> args) {
    try {
      refuse(Sysexit.TEMPFAIL, Encoding.misread());
      refuse(Sysexit.DATAERR, Encoding.notText(args));
      return run(SendmailOptions.parse(args)).status;
    } catch (SendmailOptions.WrongUse e) {
      return said(Sysexit.USAGE, e);
    } catch (SettingsProblem e) {
      return said(Sysexit.CONFIG, e);
    } catch (ControlProblem e) {
      return said(Sysexit.UNAVAILABLE, e);
    } catch (Refused e) {
      return said(e.status, e);
    } catch (IOException | RuntimeException e) {
      // our fault, or the disk's: the caller may try again with the same message
      return said(Sysexit.TEMPFAIL, e);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static void refuse(Sysexit status, Optional<String> problem) throws Refused {
    if (problem.isPresent()) {
      throw new Refused(status, problem.get());
    }
  }

  private int said(Sysexit status, Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    message.lines().forEach(line -> err.println("sendmail: " + line));
    return status.status;
  }

  private Sysexit run(SendmailOptions options)
      throws IOException, SettingsProblem, ControlProblem, Refused {
    options.remarks().forEach(remark -> err.println("sendmail: " + remark));
    switch (options.mode()) {
      case POST -> post(options, settings(options));
      case SMTP -> {
        Settings settings = settings(options);
        new StandAlone(in, out, maildrop(settings), settings).run();
      }
      case LIST -> {
        return status(queues(options).list(false, ""));
      }
      case FLUSH -> {
        return status(
            queues(options).flush(options.only().isEmpty() ? QueueQuestion.ALL : options.only()));
      }
      case ALIASES -> out.println("aliases are read from their source files: nothing to build");
      case HELP -> usage.accept(out);
    }
    return Sysexit.OK;
  }

  private QueueQuestion queues(SendmailOptions options) throws SettingsProblem {
    return new QueueQuestion(
        new ServerQuestion(settings(options).data().directory(), false, out, err));
  }

  private static Sysexit status(int ofServer) {
    return ofServer == 0 ? Sysexit.OK : Sysexit.UNAVAILABLE;
  }

  private void post(SendmailOptions options, Settings settings) throws IOException, Refused {
    var recipients = new ArrayList<String>();
    String sender;
    try {
      for (String given : options.recipients()) {
        recipients.addAll(NamedRecipients.addresses(given));
      }
      if (recipients.isEmpty() && !options.named()) {
        throw new Refused(
            Sysexit.USAGE, "recipients must be named as arguments, or in the message with -t");
      }
      sender = options.sender().orElseGet(CommandUser::user);
      check(sender.isEmpty() ? List.of() : List.of(sender));
    } catch (IllegalArgumentException e) {
      throw new Refused(Sysexit.DATAERR, String.valueOf(e.getMessage()));
    }
    boolean verifies = options.purpose() == Posting.Purpose.VERIFICATION;
    if (verifies && options.named()) {
      throw new Refused(Sysexit.USAGE, "-bv reads no message: -t cannot name recipients");
    }
    if (options.sender().isEmpty() && !CommandUser.isKnown()) {
      throw new Refused(Sysexit.NOUSER, "the calling user has no name; give one with -f");
    }
    var manuscript =
        new SendmailInput(verifies ? probe(recipients) : in, verifies || options.dotEnds());
    byte[] start = start(manuscript, settings.smtp().message().headerLimit().asInt());
    try {
      if (options.named()) {
        recipients.addAll(NamedRecipients.of(section(start)));
      }
      check(recipients);
    } catch (IllegalArgumentException e) {
      throw new Refused(Sysexit.DATAERR, String.valueOf(e.getMessage()));
    }
    List<String> all = recipients.stream().distinct().toList();
    if (all.isEmpty()) {
      throw new Refused(Sysexit.USAGE, "no recipient addresses found in message header");
    }
    var postings = new ArrayList<Posting>();
    for (int from = 0; from < all.size(); from += Envelope.MOST_RECIPIENTS) {
      postings.add(
          new Posting(
              sender,
              options.name().orElseGet(CommandUser::fullName),
              all.subList(from, Math.min(from + Envelope.MOST_RECIPIENTS, all.size())),
              options.notifyOn(),
              options.parameters(),
              options.purpose(),
              options.verp()));
    }
    write(
        maildrop(settings),
        postings,
        start,
        manuscript,
        settings.smtp().message().sizeLimit().bytes());
    if (options.purpose() != Posting.Purpose.DELIVERY) {
      out.println("Mail Delivery Status Report will be mailed to <" + sender + ">.");
    }
  }

  /// The message of a verification, which is rewritten and checked but not delivered.
  private static InputStream probe(List<String> recipients) {
    String text = "Subject: probe\nTo: " + String.join(",\n\t", recipients) + "\n\n";
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Maildrop maildrop(Settings settings) {
    return new Maildrop(settings.data().directory().resolve(settings.maildrop().directory()));
  }

  private static void write(
      Maildrop maildrop, List<Posting> postings, byte[] start, InputStream rest, long limit)
      throws IOException, Refused {
    var drafts = new ArrayList<Draft>();
    try {
      for (Posting posting : postings) {
        drafts.add(maildrop.begin(posting));
      }
      byte[] block = start;
      int count = start.length;
      for (long size = count; count > 0; size += Math.max(count, 0)) {
        if (size > limit) {
          throw new Refused(Sysexit.UNAVAILABLE, "the message is larger than " + limit + " bytes");
        }
        for (Draft draft : drafts) {
          draft.write(block, 0, count);
        }
        block = block == start ? new byte[BLOCK] : block;
        count = rest.read(block, 0, block.length);
      }
      maildrop.finish(drafts);
    } catch (NoSuchFileException e) {
      throw new Refused(
          Sysexit.TEMPFAIL,
          maildrop.directory().toAbsolutePath()
              + ": there is no such maildrop; the server makes it when it starts. Is this its"
              + " data directory? (--config, --data)");
    } catch (AccessDeniedException e) {
      throw new Refused(
          Sysexit.TEMPFAIL,
          maildrop.directory().toAbsolutePath()
              + ": this user may not post there; the administrator can add it to the"
              + " directory's group");
    } finally {
      for (Draft draft : drafts) {
        draft.close();
      }
    }
  }

  /// The header section, and what has been read of the body after it.
  private static byte[] start(InputStream manuscript, int limit) throws IOException, Refused {
    var start = new ByteArrayOutputStream();
    byte[] block = new byte[BLOCK];
    OptionalInt end = OptionalInt.empty();
    for (int count = 0; count >= 0 && end.isEmpty(); ) {
      start.write(block, 0, count);
      end = Headers.end(start.toByteArray(), 0, start.size());
      if (end.orElse(start.size()) > limit) {
        throw new Refused(Sysexit.DATAERR, "the header section is larger than " + limit + " bytes");
      }
      if (end.isEmpty()) {
        count = manuscript.read(block, 0, block.length);
      }
    }
    return start.toByteArray();
  }

  private static Headers section(byte[] start) {
    int end = Headers.end(start, 0, start.length).orElse(start.length);
    return Headers.parse(Arrays.copyOf(start, end));
  }

  /// @throws IllegalArgumentException says what is wrong with an address
  private static void check(List<String> addresses) {
    var anywhere = new Origin(new Domain("invalid"));
    addresses.forEach(anywhere::complete);
  }

  private static Settings settings(SendmailOptions options) throws SettingsProblem {
    Optional<Path> config = Optional.empty();
    Optional<Path> data = Optional.empty();
    var sets = new ArrayList<String>();
    for (int i = 0; i < options.server().size(); i += 2) {
      String value = options.server().get(i + 1);
      switch (options.server().get(i)) {
        case "--config" -> config = Optional.of(Path.of(value));
        case "--data" -> data = Optional.of(Path.of(value));
        default -> sets.add(value);
      }
    }
    return SettingsFile.read(config.or(Installed::settings), sets, data);
  }
}
