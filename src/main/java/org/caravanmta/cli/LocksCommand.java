package org.caravanmta.cli;

import java.util.concurrent.Callable;
import org.caravanmta.cluster.ClusterSettings;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.cluster.lock.LockPeer;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// The command `caravan locks`: one peer of a cluster's lock service, which says which nodes live.
/// It is a process of its own, so that it goes on while the mail server of its machine does not.
@Command(
    name = "locks",
    mixinStandardHelpOptions = true,
    description =
        "Runs this machine's peer of the cluster's lock service (cluster.lock-peer); it runs until"
            + " it gets SIGTERM or SIGINT.")
final class LocksCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(LocksCommand.class);
  private static final String DIRECTORY = "locks";

  @Mixin private SettingsOptions settings = new SettingsOptions();

  LocksCommand() {}

  @Override
  public Integer call() throws Exception {
    Settings read = settings.read();
    ClusterSettings cluster = read.cluster();
    HostPort own =
        cluster
            .ownPeer()
            .orElseThrow(
                () -> new Problem("cluster.lock-peer says which of cluster.locks runs here"));
    Running.settle(read);
    cluster.warnings().forEach(LOG::warn);
    LockPeer peer =
        LockPeer.start(own, cluster.locks(), read.data().directory().resolve(DIRECTORY));
    Running.untilSignal(peer::close, "locks=" + own);
    return 0;
  }
}
