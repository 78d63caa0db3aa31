package io.agentweave.client;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.call.Violation;
import java.util.List;
import java.util.Optional;

/** Finds the address of the target. */
final class Locating<R> implements Stage<Permitted, Located, R> {
  private final AddressBook addresses;

  Locating(AddressBook addresses) {
    this.addresses = addresses;
  }

  @Override
  public CallOutcome<R> pass(Permitted permitted, Next<Located, R> next) {
    Outgoing outgoing = permitted.attempt().outgoing();
    Optional<Address> address =
        outgoing.address().isPresent()
            ? Address.parse(outgoing.address().get())
            : addresses.address(outgoing.target());
    if (address.isEmpty()) {
      String text = outgoing.address().orElseGet(() -> addresses.entry(outgoing.target()));
      return CallOutcome.refused(
          new Refusal.Invalid(
              List.of(
                  new Violation(
                      "address",
                      "the address of " + outgoing.target() + " must be host:port",
                      "text of " + text.length() + " characters"))));
    }
    return next.proceed(new Located(permitted, address.get()));
  }
}
