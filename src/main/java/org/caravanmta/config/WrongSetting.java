package org.caravanmta.config;

import java.util.Optional;

/// Says that a setting cannot be used, and why. It is thrown by the code that uses the setting, for
/// mistakes that the constructor of its record cannot find. {@link Places} says where the setting
/// was given.
public final class WrongSetting extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /// @param key of the setting or its section, such as `routing.other`
  /// @param problem what is wrong with its value
  public WrongSetting(String key, String problem, Throwable cause) {
    super(problem, cause);
    this.key = key;
  }

  /// The first one in a chain of causes; absent if there is none.
  public static Optional<WrongSetting> in(Throwable failure) {
    Throwable here = failure;
    while (!(here instanceof WrongSetting) && here.getCause() != null && here.getCause() != here) {
      here = here.getCause();
    }
    return here instanceof WrongSetting wrong ? Optional.of(wrong) : Optional.empty();
  }

  String key() {
    return key;
  }

  /// What is wrong with its value.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
