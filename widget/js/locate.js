// Where the device is. Only a press of the visitor asks, and what comes stays in the page.

const { geolocation } = navigator;

/** Nothing where the page is not secure, or where its policy forbids to ask. */
export const locate =
  isSecureContext && geolocation && document.featurePolicy?.allowsFeature("geolocation") !== false
    ? () =>
        new Promise((found, failed) =>
          geolocation.getCurrentPosition(
            ({ coords }) => found([coords.latitude, coords.longitude, coords.accuracy]),
            failed,
            // A position of five minutes ago is where one lives too.
            { timeout: 15_000, maximumAge: 300_000 },
          ),
        )
    : undefined;
