package org.caravanmta.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemUserTest {
  @Test
  void rootIsKnownEverywhere() throws IOException {
    assertThat(SystemUser.named("root"))
        .hasValueSatisfying(
            root -> {
              assertThat(root.superuser()).isTrue();
              assertThat(root.home()).startsWith("/");
            });
    assertThat(SystemUser.named("daemon").orElseThrow().superuser()).isFalse();
  }

  @Test
  void aUserIsKnownByHisNumberToo() throws IOException {
    SystemUser daemon = SystemUser.named("daemon").orElseThrow();
    assertThat(SystemUser.numbered(daemon.user())).contains(daemon);
    assertThat(SystemUser.numbered(1_999_999_999)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-user-here", "--help", "", "a b", "0", "../x", "ann;id"})
  void whatIsNoNameIsNobodys(String name) throws IOException {
    assertThat(SystemUser.named(name)).isEmpty();
  }
}
