package org.caravanmta.restriction.login;

import java.util.Map;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The restriction of users who are logged in to addresses of their own.
public final class LoginStage implements Stage {
  private final SenderLogin login;

  public LoginStage(SenderLoginSettings own, House house) {
    this.login =
        new SenderLogin(house.local().search(own.senderLoginMaps()), house.local().origin());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("senderLogin", login);
  }
}
