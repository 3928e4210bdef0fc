/** The button in the corner of the shop's page. */
export {};
