/** Gallery pages. */
import "./styles/base.css";
import "./styles/site.css";
import { followThemeSwitch } from "./ui/theme.ts";

followThemeSwitch();
