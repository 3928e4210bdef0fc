/** The panel's script: hands itself to the launcher that asked for it. */

import { mount } from "./mount";

window.chatdesk?.attach(mount);
