/** The chunk's script: hands its parts to the panel that asked for it. */

import * as parts from "./parts";

window.chatdesk?.chunk?.("cards", parts);
