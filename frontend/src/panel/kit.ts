/**
 * What chunks share with the panel instead of carrying it: the framework, of which
 * there may be only one, and what the panel has anyhow.
 *
 * A chunk imports these from where they are; its build takes them from here, and fails
 * over a name that is not in the list.
 */

export { useComputed, useSignal } from "@preact/signals";
export { Fragment } from "preact";
export { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
export { jsx, jsxs } from "preact/jsx-runtime";
export { formatTime, isSameDay, safeLocale } from "../core/clock";
export { HttpError } from "../core/http";
export { createStrings } from "../core/strings";
export { adopt } from "../launcher/dom";
export { Icon } from "../ui/icons";
export { usePanel } from "./context";
