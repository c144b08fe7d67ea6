package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// OpenSMTPD, unpacked. Where its spool, its socket and its users are is built into the program, so
/// it runs under a root directory of its own (`chroot(8)`) with the libraries it needs and users
/// that nobody else knows.
record OpenSmtpd() implements Server {
  private static final Path PROGRAM = UNPACKED.resolve("opensmtpd/usr/sbin/smtpd");
  private static final Pattern LIBRARY = Pattern.compile("/\\S+");

  @Override
  public String name() {
    return "opensmtpd";
  }

  @Override
  public boolean installed() {
    return Files.isExecutable(PROGRAM);
  }

  @Override
  public String settings() {
    return "no limit of messages in a session, 20 connections to the next hop as Postfix has, and"
        + " no pause between them";
  }

  @Override
  public String differs(boolean equal) {
    return "says 250 before the message is on the disk: it syncs neither the message nor its"
        + " envelopes (6.8, seen with strace), so what it accepts a power failure can lose;"
        + " it lets only five connections wait, and those it forgets are opened anew after 3"
        + " seconds, and counted as refused; it looks into the recipient table only,"
        + " rewrites nothing, and has no header checks, DNS list or greylist";
  }

  @Override
  public Peer start(Setup setup) throws IOException {
    Path root = setup.home(this);
    int port = Setup.port();
    for (String directory :
        List.of("usr/sbin", "etc", "var/spool", "var/run", "var/lib/opensmtpd/empty", "tmp")) {
      setup.open(Files.createDirectories(root.resolve(directory)));
    }
    Files.copy(PROGRAM, root.resolve("usr/sbin/smtpd"));
    for (MatchResult library :
        LIBRARY.matcher(Peer.output("ldd", PROGRAM.toString())).results().toList()) {
      Path place = root.resolve(library.group().substring(1));
      setup.open(Files.createDirectories(place.getParent()));
      Files.copy(Path.of(library.group()).toRealPath(), place);
    }
    Path etc = root.resolve("etc");
    Files.writeString(
        etc.resolve("passwd"),
        """
        root:x:0:0::/:/bin/false
        opensmtpd:x:64601:64601::/var/lib/opensmtpd/empty:/bin/false
        opensmtpq:x:64602:64602::/var/lib/opensmtpd/empty:/bin/false
        """);
    Files.writeString(etc.resolve("group"), "root:x:0:\nopensmtpd:x:64601:\nopensmtpq:x:64602:\n");
    Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost mx.bench.test\n");
    Files.writeString(etc.resolve("nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
    Files.writeString(etc.resolve("resolv.conf"), "lookup file\n");
    Files.write(etc.resolve("recipients"), recipients(setup));
    Files.writeString(
        etc.resolve("smtpd.conf"),
        """
        table recipients file:/etc/recipients
        smtp limit max-mails 1000000
        mta limit max-conn-per-host 20
        mta limit max-conn-per-route 20
        mta limit conn-delay-route 0
        mta limit conn-delay-relay 0
        listen on 127.0.0.1 port %d hostname mx.bench.test
        action hop relay host smtp+notls://127.0.0.1:%d
        match from any for rcpt-to <recipients> action hop
        """
            .formatted(port, setup.sink()));
    // ends with 1
    String version = Peer.output("sh", "-c", PROGRAM + " -h || :").lines().findFirst().orElse("");
    return Peer.start(
        name(),
        version.replaceFirst("^version: *", ""),
        port,
        root.resolve("log"),
        new ProcessBuilder(
            "chroot", root.toString(), "/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf"));
  }

  private static List<String> recipients(Setup setup) throws IOException {
    var recipients = new ArrayList<String>();
    for (String line : Files.readAllLines(setup.tables().directory().resolve("relay_recipients"))) {
      recipients.add(line.substring(0, line.indexOf(' ')));
    }
    return recipients;
  }
}
