/** The studio page. */
import "./styles/base.css";
import "./styles/studio.css";
import "./styles/panel.css";
import "./styles/overlays.css";
import "./styles/opinions.css";
import "./styles/versions.css";
import "./styles/phone.css";
import { followThemeSwitch } from "./ui/theme.ts";
import "./ui/actions.ts";
import "./ui/photo-menu.ts";
import "./ui/studio.ts";

followThemeSwitch();
