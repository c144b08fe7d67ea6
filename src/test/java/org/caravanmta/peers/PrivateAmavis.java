package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Assumptions;

/// Debian's amavisd before the queue: it refuses viruses, spam and names of programs in the
/// dialogue, and gives all else on.
public final class PrivateAmavis implements AutoCloseable {
  private final RunningProgram program;

  private PrivateAmavis(RunningProgram program) {
    this.program = program;
  }

  /// @param where for its files
  /// @param next where it gives mail on to
  /// @param clamd the socket of its scanner
  public static PrivateAmavis start(Path where, int port, int next, Path clamd) throws IOException {
    String amavis = Program.installed("amavisd", "amavisd-new");
    if (!System.getProperty("user.name").equals("root")) {
      System.out.println("SKIPPED: amavisd becomes its own user, which needs root");
      Assumptions.abort("amavisd needs root");
    }
    Path directory = RunningProgram.directory(where);
    Path home = RunningProgram.directory(directory.resolve("home"));
    UserPrincipal user =
        home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("amavis");
    for (Path each : new Path[] {home, Files.createDirectories(home.resolve("tmp"))}) {
      Files.setOwner(each, user);
    }
    Path settings =
        Files.writeString(
            directory.resolve("amavisd.conf"),
            """
            use strict;
            $daemon_user = 'amavis'; $daemon_group = 'amavis'; $max_servers = 2;
            # a process of its that ends may be the one that a message comes to
            $max_requests = 0;
            $MYHOME = '%1$s'; $TEMPBASE = "$MYHOME/tmp"; $helpers_home = $MYHOME;
            $lock_file = "$MYHOME/lock"; $pid_file = "$MYHOME/pid"; $QUARANTINEDIR = undef;
            $enable_db = 0; $enable_global_cache = 0; $enable_zmq = 0;
            $do_syslog = 0; $log_level = 2;
            $inet_socket_bind = '127.0.0.1'; $inet_socket_port = %2$d;
            $myhostname = 'amavis.caravan.test'; $mydomain = 'caravan.test';
            @local_domains_acl = ('.');
            $forward_method = 'smtp:[127.0.0.1]:%3$d'; $notify_method = $forward_method;
            $final_virus_destiny = D_REJECT; $final_banned_destiny = D_REJECT;
            $final_spam_destiny = D_REJECT; $final_bad_header_destiny = D_PASS;
            $virus_admin = undef; $spam_admin = undef; $banned_admin = undef;
            $virus_quarantine_to = undef; $banned_quarantine_to = undef;
            $spam_quarantine_to = undef; $bad_header_quarantine_to = undef;
            $sa_local_tests_only = 1; $sa_tag_level_deflt = -999;
            $sa_tag2_level_deflt = 6; $sa_kill_level_deflt = 15;
            $enable_dkim_verification = 0; $enable_dkim_signing = 0;
            $banned_filename_re = new_RE( qr'.\\.(exe|vbs|pif|scr|bat|cmd|com|cpl)$'i );
            @av_scanners = (['clamd', \\&ask_daemon, ["CONTSCAN {}\\n", '%4$s'],
              qr/\\bOK$/m, qr/\\bFOUND$/m, qr/^.*?: (?!Infected Archive)(.*) FOUND$/m ]);
            @av_scanners_backup = ();
            1;
            """
                .formatted(home, port, next, clamd));
    return new PrivateAmavis(
        RunningProgram.start(directory, amavis, "-c", settings.toString(), "foreground")
            .listening("127.0.0.1", port));
  }

  public String log() throws IOException {
    return program.output();
  }

  @Override
  public void close() {
    program.close();
  }
}
