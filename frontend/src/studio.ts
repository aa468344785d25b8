/** The studio page. */
import "./styles/base.css";
import "./styles/header.css";
import "./styles/studio.css";
import "./styles/panel.css";
import "./styles/overlays.css";
import "./styles/predictions.css";
import "./styles/versions.css";
import "./styles/adjust.css";
import "./styles/guide.css";
import "./styles/phone.css";
import { followThemeSwitch } from "./shared/ui/theme.ts";
import "./studio/ui/header.ts";
import "./studio/ui/photo-menu.ts";
import "./studio/ui/photo-nav.ts";
import "./studio/ui/studio.ts";

followThemeSwitch();
