package org.caravanmta.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which domains we relay to, by `restrictions.parent-domains` (postfix
/// `parent_domain_matches_subdomains`).
class OwnAddressesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "a.example, true, true",
    "x.a.example, true, false",
    "y.x.a.example, true, false",
    "xa.example, false, false",
    "b.example, false, false",
    "x.b.example, false, true",
    "y.x.b.example, false, true",
  })
  void aRelayDomainStandsForThoseBelowOrWithADot(String domain, boolean below, boolean dotted)
      throws Exception {
    assertThat(relayed("[relay_domains]").contains(new Domain(domain))).isEqualTo(below);
    assertThat(relayed("[transport_maps, mynetworks]").contains(new Domain(domain)))
        .isEqualTo(dotted);
  }

  private DomainList relayed(String parents) throws Exception {
    var settings =
        SettingsFile.read(
            Optional.empty(),
            List.of(
                "domains.relay=[a.example, .b.example]", "restrictions.parent-domains=" + parents),
            Optional.of(directory));
    return OwnAddresses.relayed(settings, InstantSource.system());
  }
}
