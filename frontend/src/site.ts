/** Every page but the studio: style, theme, upload, the picture on the front page. */
import "./styles/base.css";
import "./styles/site.css";
import { followThemeSwitch } from "./ui/theme.ts";
import "./ui/demo.ts";
import "./ui/upload.ts";

followThemeSwitch();
