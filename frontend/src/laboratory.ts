/** The laboratory's pages: models, runs, searches. */
import "./styles/base.css";
import "./styles/site.css";
import "./styles/laboratory.css";
import "./styles/staff.css";
import { followThemeSwitch } from "./ui/theme.ts";
import "./ui/chart.ts";
import "./laboratory/recipe.ts";
import "./laboratory/work.ts";

followThemeSwitch();
