package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caravanmta.Ports;

/// Debian's rspamd, with no rules but GTUBE, and fields that it adds to what it has seen.
public final class PrivateRspamd implements AutoCloseable {
  /// The ports of those of its workers that speak HTTP: `normal`, its proxy, and the controller.
  public final int normal;

  public final int proxy;
  public final int controller;
  private final RunningProgram program;

  private PrivateRspamd(int normal, int proxy, int controller, RunningProgram program) {
    this.normal = normal;
    this.proxy = proxy;
    this.controller = controller;
    this.program = program;
  }

  /// @param where for its files
  /// @param normal the port of the worker that scans
  /// @param milter the port of the proxy that speaks the milter protocol
  public static PrivateRspamd start(Path where, int normal, int milter) throws IOException {
    String rspamd = Program.installed("rspamd", "rspamd");
    Path directory = RunningProgram.directory(where);
    int proxy = Ports.free();
    int controller = Ports.free();
    Path settings =
        Files.writeString(
            directory.resolve("rspamd.conf"),
            """
            options {
              pidfile = "%1$s/pid";
              control_socket = "%1$s/control mode=0600";
              url_tld = "/usr/share/rspamd/effective_tld_names.dat";
              temp_dir = "%1$s";
              dns { nameserver = ["127.0.0.1:%3$d"]; timeout = 0.1s; retransmits = 1; }
              filters = "";
            }
            logging { type = "console"; level = "info"; }
            actions { reject = 15; "add header" = 6; greylist = 4; }
            modules { path = "/usr/share/rspamd/plugins/milter_headers.lua"; }
            milter_headers { use = ["x-spamd-bar", "x-spamd-result"]; skip_local = false; }
            worker "normal" { bind_socket = "127.0.0.1:%2$d"; count = 1; }
            worker "controller" { bind_socket = "127.0.0.1:%5$d"; count = 1; }
            worker "rspamd_proxy" {
              bind_socket = "127.0.0.1:%4$d"; count = 1; milter = no;
              upstream "local" { default = yes; self_scan = yes; hosts = "127.0.0.1:%2$d"; }
            }
            worker "rspamd_proxy" {
              bind_socket = "127.0.0.1:%6$d"; count = 1; milter = yes;
              upstream "local" { default = yes; self_scan = yes; hosts = "127.0.0.1:%2$d"; }
            }
            """
                .formatted(directory, normal, Ports.free(), proxy, controller, milter));
    var program = RunningProgram.start(directory, rspamd, "-f", "-i", "-c", settings.toString());
    for (int port : new int[] {normal, proxy, controller, milter}) {
      program.listening("127.0.0.1", port);
    }
    return new PrivateRspamd(normal, proxy, controller, program);
  }

  @Override
  public void close() {
    program.close();
  }
}
