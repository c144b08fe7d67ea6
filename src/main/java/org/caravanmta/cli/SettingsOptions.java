package org.caravanmta.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options `--config`, `--set` and `--data`, which say what settings a command works with.
final class SettingsOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings that differ from the reference, config/caravan.yaml. Without it: the file that"
              + " CARAVAN_CONFIG names, or /etc/caravan/caravan.yaml where there is one.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "One setting, over the file's: --set hostname=mx.example.org"
              + " --set 'domains.own=[example.org]'. May be repeated.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where queues, content, state and mailboxes live; overrides data.directory.")
  private @Nullable Path data;

  /// The settings file: the one that is named, or else that of the installation; absent for the
  /// defaults.
  Optional<Path> file() {
    return Optional.ofNullable(config).or(Installed::settings);
  }

  /// @throws SettingsProblem names every mistake in the settings
  Settings read() throws SettingsProblem {
    return SettingsFile.read(file(), sets, Optional.ofNullable(data));
  }
}
