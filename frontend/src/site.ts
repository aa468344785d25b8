/** Every page but the studio: style, theme, upload, the picture on the front page. */
import "./styles/base.css";
import "./styles/header.css";
import "./styles/site.css";
import "./styles/front.css";
import "./styles/overlays.css";
import { followThemeSwitch } from "./shared/ui/theme.ts";
import "./front/demo.ts";
import "./front/upload.ts";

followThemeSwitch();
