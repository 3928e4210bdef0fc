/** The conversation itself, in the shadow root. */
export {};
