<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>Allocate</name>
    <message>
        <source>Propose a plan</source>
        <translation>生成规划方案</translation>
    </message>
    <message>
        <source>Chooses reclaim plots, new-build sites and their phases under all accounts at once.</source>
        <translation>在全部平衡要求下，统筹选定拆旧地块、建新地块及其实施时序。</translation>
    </message>
    <message>
        <source>From candidates to reclaim and sites to build on, taken whole, chooses those that keep every rule of the policy profile, every target, the demand for land in each phase, reclamation before use and flats before demolition, and are best by the objective. Plots with a date are part of every plan. No plan is better than BOUND. The plan is then held against the rules by the balance itself. Where not everything can be kept, the layers are empty and REASONS says which accounts conflict, by how much, and what can be done; a rule that only warns is given up first. A rule whose data is missing is named there and not kept. The same input gives the same plan, unless the time limit ends the search.</source>
        <translation>从备选拆旧地块和备选建新地块中整块选用，并安排实施年度：政策规则包的各条规则、下达指标、分年用地需求、先垦后用和先安置后拆迁都要满足，并使优化目标最优。已有日期（验收、批准）的地块列入每个方案。任何方案都不会优于 BOUND。选出的方案再由指标平衡逐条核对。不能全部满足时，输出图层为空，REASONS 列出相互冲突的科目、尚缺数量和处理建议；只作提示的规则先放宽。缺数据的规则也在其中列出，不作约束。相同的输入得到相同的方案，因时间限制提前结束的除外。</translation>
    </message>
    <message>
        <source>Candidates to reclaim</source>
        <translation>备选拆旧地块</translation>
    </message>
    <message>
        <source>Fields as of reclaim plots in the plan database; the output of the reclamation potential will do.</source>
        <translation>字段与规划数据库的 reclaim 图层相同；可直接用“复垦潜力评价”的输出。</translation>
    </message>
    <message>
        <source>Sites to build on</source>
        <translation>备选建新地块</translation>
    </message>
    <message>
        <source>Fields as of new-build plots; households = how many a resettlement site can house.</source>
        <translation>字段与规划数据库的 newbuild 图层相同；安置地块的 households 为可安置户数。</translation>
    </message>
    <message>
        <source>Quality grade field</source>
        <translation>耕地等别字段</translation>
    </message>
    <message>
        <source>Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name.</source>
        <translation>耕地利用等别（1 等最好）；不填则取 GDDB 等标准字段名。</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Village areas with a code; they give the village of parcels that state none.</source>
        <translation>带代码的行政村范围；地类图斑没有坐落代码时，按所在行政村取代码。</translation>
    </message>
    <message>
        <source>Natural villages</source>
        <translation>自然村（居民点）</translation>
    </message>
    <message>
        <source>Natural villages with a name, for sub-totals.</source>
        <translation>带名称的自然村范围，用于分自然村汇总。</translation>
    </message>
    <message>
        <source>Demand for land</source>
        <translation>用地需求</translation>
    </message>
    <message>
        <source>Columns use, phase, area_m2 (and unit): land of sites wanted by the end of a phase, added up over the phases; without phase by the end of the last.</source>
        <translation>用地需求表：用途 use、实施年度 phase、面积 area_m2（可加计量单位 unit），为该年度末前须落实的建新用地，逐年累加；不填年度的在最后一个年度末前落实。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>下达指标</translation>
    </message>
    <message>
        <source>Assigned figures of the township and of villages: indicator, value, unit, year, unit_code. Besides start_quota_m2 (start-up quota until the end of year), resettlement_households (flats there are), transition_households (temporary housing until the end of year) and budget_yuan.</source>
        <translation>下达乡镇和行政村的指标表：指标 indicator、数值 value、计量单位 unit、年份 year、单位代码 unit_code。另可填 start_quota_m2（启动指标，年末到期）、resettlement_households（现有安置房户数）、transition_households（过渡安置户数，年末到期）和 budget_yuan（预算资金）。</translation>
    </message>
    <message>
        <source>Phases</source>
        <translation>实施时序</translation>
    </message>
    <message>
        <source>Years by commas, ascending, such as 2015,2016,2017.</source>
        <translation>实施年度，用逗号分隔，由早到晚，如 2015,2016,2017。</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>优化目标</translation>
    </message>
    <message>
        <source>cost: least cost of reclamation; cultivated: most new cultivated land; households: fewest households moved; contiguity: largest share of the edge of reclaimed land that borders on cultivated land or on other reclaimed land; weighted: several of these, by the weights below.</source>
        <translation>cost：复垦费用最省；cultivated：新增耕地最多；households：涉及农户最少；contiguity：耕地最连片，即复垦地块的边界与耕地或其他复垦地块相接的比例最大；weighted：按下列权重综合以上几项。</translation>
    </message>
    <message>
        <source>Weights of the objectives</source>
        <translation>各目标权重</translation>
    </message>
    <message>
        <source>For weighted, such as cost=0.5,cultivated=0.5. Each objective is divided by its sum over all candidates first.</source>
        <translation>优化目标为 weighted 时填写，如 cost=0.5,cultivated=0.5。各目标先除以全部备选地块的合计，再加权。</translation>
    </message>
    <message>
        <source>Natural villages as a whole</source>
        <translation>自然村整村拆旧</translation>
    </message>
    <message>
        <source>Candidates of one natural village are reclaimed together and in one phase, or not at all.</source>
        <translation>同一自然村的备选拆旧地块要么在同一年度全部拆旧，要么都不拆。</translation>
    </message>
    <message>
        <source>Locked in</source>
        <translation>锁定选用</translation>
    </message>
    <message>
        <source>Ids of plots, by commas, that must be in the plan; the field locked = in does the same.</source>
        <translation>方案必须选用的地块编号，用逗号分隔；也可将地块的 locked 字段填为 in。</translation>
    </message>
    <message>
        <source>Locked out</source>
        <translation>锁定排除</translation>
    </message>
    <message>
        <source>Ids of plots, by commas, that may not be in the plan; the field locked = out does the same.</source>
        <translation>方案不得选用的地块编号，用逗号分隔；也可将地块的 locked 字段填为 out。</translation>
    </message>
    <message>
        <source>Gap to the best possible</source>
        <translation>与最优解差距</translation>
    </message>
    <message>
        <source>The search ends when the plan is within this share (0.01 = 1 %) of what no plan can beat.</source>
        <translation>方案与最优解的差距不超过此比例时结束（0.01 即 1 %）。</translation>
    </message>
    <message>
        <source>Time limit (s)</source>
        <translation>时间限制（秒）</translation>
    </message>
    <message>
        <source>0 = none. A search ended by time may give another plan next time, and says so in STATUS.</source>
        <translation>0 为不限。因时间已到而结束的，下次运行可能得到另一方案，STATUS 中会注明。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Of the solver; the same seed gives the same plan.</source>
        <translation>求解所用的随机种子；种子相同，方案相同。</translation>
    </message>
    <message>
        <source>Node limit</source>
        <translation>节点数限制</translation>
    </message>
    <message>
        <source>Most branch-and-bound nodes of one search; left out: none. Ends a search repeatably.</source>
        <translation>一次求解最多的分支定界节点数，不填为不限。按节点数结束的，结果可以重复得到。</translation>
    </message>
    <message>
        <source>Further plans</source>
        <translation>比选方案</translation>
    </message>
    <message>
        <source>Plans within 2 % of the best that leave out plots of at least 10 % of its area; 0 = none.</source>
        <translation>另找几个方案，与最好方案相差 2 % 以内，且至少换掉其面积 10 % 的地块；0 为不找。</translation>
    </message>
    <message>
        <source>Reclaim plots chosen</source>
        <translation>选用的拆旧地块</translation>
    </message>
    <message>
        <source>Candidates chosen, with their fields and phase.</source>
        <translation>选用的备选拆旧地块，保留原有字段，并填实施年度 phase。</translation>
    </message>
    <message>
        <source>New-build plots chosen</source>
        <translation>选用的建新地块</translation>
    </message>
    <message>
        <source>Sites chosen, with their fields and phase.</source>
        <translation>选用的备选建新地块，保留原有字段，并填实施年度 phase。</translation>
    </message>
    <message>
        <source>Figures of the plan</source>
        <translation>方案指标</translation>
    </message>
    <message>
        <source>Objective, bound, gap and account lines.</source>
        <translation>优化目标值、最优值界限、与最优解差距和平衡表各科目。</translation>
    </message>
    <message>
        <source>Reasons</source>
        <translation>原因与建议</translation>
    </message>
    <message>
        <source>Accounts that conflict and by how much; rules given up or without data; plots that are closed.</source>
        <translation>相互冲突的科目及尚缺数量；已放宽或缺数据的规则；不能选用的地块。</translation>
    </message>
    <message>
        <source>Plots and phases of each; plan 0 is the best.</source>
        <translation>各方案的地块及实施年度；0 号为最好方案。</translation>
    </message>
    <message>
        <source>How often chosen</source>
        <translation>入选次数</translation>
    </message>
    <message>
        <source>Of all plans, how many have each plot.</source>
        <translation>每个地块在全部方案中入选的次数。</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>结束方式</translation>
    </message>
    <message>
        <source>optimal, gap, time_limit, infeasible or cancelled: how it ended.</source>
        <translation>optimal：已证明最优；gap：达到所设差距；time_limit：时间已到；infeasible：指标无法平衡；cancelled：中途停止。</translation>
    </message>
    <message>
        <source>Value of the objective</source>
        <translation>优化目标值</translation>
    </message>
    <message>
        <source>Yuan, m², households or a share.</source>
        <translation>单位为元、平方米或户；连片度和综合目标为比例。</translation>
    </message>
    <message>
        <source>Bound</source>
        <translation>最优值界限</translation>
    </message>
    <message>
        <source>No plan is better than this.</source>
        <translation>任何方案都不会优于此值。</translation>
    </message>
    <message>
        <source>Gap reached</source>
        <translation>实际差距</translation>
    </message>
    <message>
        <source>Between value and bound, as a share of the value.</source>
        <translation>目标值与最优值界限之差占目标值的比例。</translation>
    </message>
    <message>
        <source>Rules failed</source>
        <translation>不符合的结论数</translation>
    </message>
    <message>
        <source>Verdicts of the balance that fail although the plan keeps their limits: none.</source>
        <translation>方案已满足约束、而指标平衡仍判为“不符合”的条数，应为 0。</translation>
    </message>
</context>
<context>
    <name>BalanceAlgorithm</name>
    <message>
        <source>Reclaim plots</source>
        <translation>拆旧地块（复垦地块）</translation>
    </message>
    <message>
        <source>Plots to be reclaimed, fields as in the plan database.</source>
        <translation>拟拆旧复垦的地块，字段与规划数据库的 reclaim 图层相同，也认 SYSB_CJ 的字段名。</translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation>建新地块</translation>
    </message>
    <message>
        <source>Plots to be built on, fields as in the plan database.</source>
        <translation>拟建新的地块，字段与规划数据库的 newbuild 图层相同，也认 SYSB_JX 的字段名。</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Village areas with a code; they give the village of parcels that state none.</source>
        <translation>带代码的行政村范围；地类图斑没有坐落代码时，按所在行政村取代码。</translation>
    </message>
    <message>
        <source>Natural villages</source>
        <translation>自然村（居民点）</translation>
    </message>
    <message>
        <source>Natural villages with a name, for sub-totals.</source>
        <translation>带名称的自然村范围，用于分自然村汇总。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>下达指标</translation>
    </message>
    <message>
        <source>Assigned figures: indicator, value, unit, year, unit_code.</source>
        <translation>下达的指标表：指标 indicator、数值 value、计量单位 unit、年份 year、单位代码 unit_code。</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>数据时点</translation>
    </message>
    <message>
        <source>Only what happens by this day counts, judged by the rules of that day; left out: the whole plan.</source>
        <translation>只计截至这一天发生的复垦和建新，并按当日有效的规则判定；不填则计整个规划。</translation>
    </message>
    <message>
        <source>Reclaimed R (m²)</source>
        <translation>复垦建设用地 R（平方米）</translation>
    </message>
    <message>
        <source>Base construction land that is reclaimed.</source>
        <translation>拆旧复垦的基数建设用地。</translation>
    </message>
    <message>
        <source>New construction N (m²)</source>
        <translation>建新新增建设用地 N（平方米）</translation>
    </message>
    <message>
        <source>Land newly built on, at its date of use.</source>
        <translation>按用地时的现状计，建新占用的非建设用地。</translation>
    </message>
    <message>
        <source>New construction on reclaim quota (m²)</source>
        <translation>使用复垦指标的新增建设用地（平方米）</translation>
    </message>
    <message>
        <source>Part of N that is paid by reclamation.</source>
        <translation>N 中以复垦指标（增减挂钩）落地的部分。</translation>
    </message>
    <message>
        <source>Net reduction R − N (m²)</source>
        <translation>建设用地净减少 R − N（平方米）</translation>
    </message>
    <message>
        <source>Decrease of construction land.</source>
        <translation>建设用地减少的面积，负值为增加。</translation>
    </message>
    <message>
        <source>New cultivated land F (m²)</source>
        <translation>新增耕地 F（平方米）</translation>
    </message>
    <message>
        <source>Cultivated land after reclamation minus cultivated land there before.</source>
        <translation>复垦后的耕地减去该处原有的耕地。</translation>
    </message>
    <message>
        <source>Occupied cultivated land Z (m²)</source>
        <translation>占用耕地 Z（平方米）</translation>
    </message>
    <message>
        <source>By new-build plots.</source>
        <translation>建新地块占用的耕地。</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>是否平衡</translation>
    </message>
    <message>
        <source>1 when no hard rule fails or is unknown, else 0.</source>
        <translation>强制性规则既无不符合也无缺数据时为 1，否则为 0。</translation>
    </message>
    <message>
        <source>Rules failed</source>
        <translation>不符合的结论数</translation>
    </message>
    <message>
        <source>Number of verdicts that fail.</source>
        <translation>结论为“不符合”的条数。</translation>
    </message>
    <message>
        <source>Rules with a warning</source>
        <translation>提示的结论数</translation>
    </message>
    <message>
        <source>Number of verdicts that warn.</source>
        <translation>结论为“提示”的条数。</translation>
    </message>
    <message>
        <source>Rules without data</source>
        <translation>缺数据的结论数</translation>
    </message>
    <message>
        <source>Number of verdicts that lack data.</source>
        <translation>结论为“缺数据”的条数。</translation>
    </message>
    <message>
        <source>Other changes of cultivated land</source>
        <translation>其他耕地变化表</translation>
    </message>
    <message>
        <source>What else takes or makes cultivated land: kind, village, date or year, area, unit, paddy, grade. Left out or empty: not known, and so are the accounts of all kinds; a row with area 0 says there is none.</source>
        <translation>本方案地块以外占用、补充耕地的情况：类别、行政村、日期或年度、面积、计量单位、其中水田、等别。不填或为空表按缺数据计，各类占用与补充的平衡表也缺数据；确无变化的，填一行面积为 0。</translation>
    </message>
</context>
<context>
    <name>BalanceCards</name>
    <message>
        <source>Net reduction</source>
        <translation>建设用地净减少</translation>
    </message>
    <message>
        <source>Gained</source>
        <translation>新增耕地</translation>
    </message>
    <message>
        <source>Occupied</source>
        <translation>占用耕地</translation>
    </message>
    <message>
        <source>Reclaim first</source>
        <translation>先垦后用最小余额</translation>
    </message>
    <message>
        <source>Credited</source>
        <translation>入库</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>平衡结论</translation>
    </message>
    <message>
        <source>No balance yet</source>
        <translation>尚无结果</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>平衡</translation>
    </message>
    <message>
        <source>Not balanced</source>
        <translation>不平衡</translation>
    </message>
    <message>
        <source>Cultivated gain</source>
        <translation>耕地净增</translation>
    </message>
    <message>
        <source>Reclaim</source>
        <translation>复垦 R</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>建新 N</translation>
    </message>
    <message>
        <source>Cannot be judged yet</source>
        <translation>尚不能判定</translation>
    </message>
    <message>
        <source>Balanced (hard rules)</source>
        <translation>平衡（强制规则）</translation>
    </message>
</context>
<context>
    <name>BalanceDock</name>
    <message>
        <source>Balance</source>
        <translation>指标平衡</translation>
    </message>
    <message>
        <source>Layers and policy profile</source>
        <translation>图层与政策规则包</translation>
    </message>
    <message>
        <source>Unit of areas</source>
        <translation>面积单位</translation>
    </message>
    <message>
        <source>Overlaying parcels %p%</source>
        <translation>套合分析 %p%</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{parcels} parcels, {plots} plots</source>
        <translation>图斑 {parcels} 个，地块 {plots} 个</translation>
    </message>
    <message>
        <source>, {out} left out</source>
        <translation>，未参与 {out} 个</translation>
    </message>
    <message>
        <source>Choose the layer of land parcels to start.</source>
        <translation>请先选择地类图斑图层。</translation>
    </message>
    <message>
        <source>No plot here</source>
        <translation>此处没有地块</translation>
    </message>
</context>
<context>
    <name>BalanceTables</name>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Unit of judgement</source>
        <translation>判定单元</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>富余/尚缺</translation>
    </message>
    <message>
        <source>Left side</source>
        <translation>左值</translation>
    </message>
    <message>
        <source>Right side</source>
        <translation>右值</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Policy basis</source>
        <translation>政策依据</translation>
    </message>
    <message>
        <source> (hard rule)</source>
        <translation>（必须满足）</translation>
    </message>
    <message>
        <source>Missing: {what}</source>
        <translation>缺少：{what}</translation>
    </message>
    <message>
        <source>Advice: {advice}</source>
        <translation>处理建议：{advice}</translation>
    </message>
    <message>
        <source>Policy basis: {basis}</source>
        <translation>政策依据：{basis}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账目</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Unit of account</source>
        <translation>统计单元</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>年度</translation>
    </message>
    <message>
        <source>Credited by reclamation</source>
        <translation>复垦入库</translation>
    </message>
    <message>
        <source>Used by new-build</source>
        <translation>建新使用</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>年末余额</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>程度</translation>
    </message>
    <message>
        <source>What to look at</source>
        <translation>情况</translation>
    </message>
    <message>
        <source>Plot</source>
        <translation>地块编号</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Village</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Direction or use</source>
        <translation>方向/用途</translation>
    </message>
    <message>
        <source>Reclaimed or added</source>
        <translation>复垦/新增</translation>
    </message>
    <message>
        <source>Untick to leave the plot out of the balance</source>
        <translation>取消勾选，则该地块不参与平衡</translation>
    </message>
    <message>
        <source>Parcel</source>
        <translation>图斑</translation>
    </message>
    <message>
        <source>Land class</source>
        <translation>地类</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>面积</translation>
    </message>
    <message>
        <source>Evidence: {line}</source>
        <translation>依据图斑：{line}</translation>
    </message>
    <message>
        <source>This rule has no parcels as evidence</source>
        <translation>此项规则没有依据图斑</translation>
    </message>
    <message>
        <source>A rule is kept when its left side is not less than its right side</source>
        <translation>左值不小于右值即为符合</translation>
    </message>
</context>
<context>
    <name>BalanceTabs</name>
    <message>
        <source>Verdicts</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>平衡表</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>地块</translation>
    </message>
    <message>
        <source>Years</source>
        <translation>年度</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Clear the evidence from table and map</source>
        <translation>清除依据图斑（表与地图）</translation>
    </message>
    <message>
        <source>Unit of account</source>
        <translation>统计单元</translation>
    </message>
    <message>
        <source>Township</source>
        <translation>全乡镇</translation>
    </message>
    <message>
        <source>By village</source>
        <translation>按行政村</translation>
    </message>
    <message>
        <source>By settlement</source>
        <translation>按自然村</translation>
    </message>
    <message>
        <source>Pick on the map</source>
        <translation>图上点选</translation>
    </message>
    <message>
        <source>Click plots on the map to leave them out of the balance or take them in again</source>
        <translation>在地图上点击地块，使其不参与或重新参与平衡</translation>
    </message>
    <message>
        <source>Findings ({count})</source>
        <translation>问题 ({count})</translation>
    </message>
</context>
<context>
    <name>BaseStateAlgorithm</name>
    <message>
        <source>Base conversion</source>
        <translation>规划基数转换</translation>
    </message>
    <message>
        <source>Corrects the survey&apos;s land classes by approvals, for the plan&apos;s base.</source>
        <translation>按审批情况修正调查地类，形成规划基数。</translation>
    </message>
    <message>
        <source>Land approved and not built counts as construction land, buildings without approval and temporary use as what was there before, cleared land with a standing approval as construction land. Parcels are cut along these layers; each part has the class of the survey, the class of the base and the reason. The parcels themselves stay as they are. What a layer does is stated in the policy profile (base_conversion).</source>
        <translation>批准未建设土地按建设用地计；未审批已建设用地和临时用地按原地类计；批准仍有效的已拆除建设用地按建设用地计。地类图斑沿这些图层切分，每一部分都注明调查地类、规划基数地类和转换原因；原图斑不变。各图层如何转换，由政策规则包（base_conversion）规定。</translation>
    </message>
    <message>
        <source>Base state</source>
        <translation>规划基数图斑</translation>
    </message>
    <message>
        <source>Parts of parcels: class_survey, class_base, base_reason.</source>
        <translation>图斑的各部分：调查地类 class_survey、规划基数地类 class_base、转换原因 base_reason。</translation>
    </message>
    <message>
        <source>Base conversion (T27)</source>
        <translation>规划基数转换表（T27）</translation>
    </message>
    <message>
        <source>Areas by village, class of the survey, class of the base and reason.</source>
        <translation>分行政村、调查地类、规划基数地类和转换原因汇总的面积。</translation>
    </message>
    <message>
        <source>Converted (m²)</source>
        <translation>转换面积（平方米）</translation>
    </message>
    <message>
        <source>Area whose base class is not the survey&apos;s.</source>
        <translation>规划基数地类与调查地类不同的面积。</translation>
    </message>
    <message>
        <source>Class before not stated (m²)</source>
        <translation>未填原地类面积（平方米）</translation>
    </message>
    <message>
        <source>Converted area whose layer does not state the class before.</source>
        <translation>应按原地类转换、但图层未填原地类的面积。</translation>
    </message>
</context>
<context>
    <name>CheckData</name>
    <message>
        <source>Data checks</source>
        <translation>数据质检</translation>
    </message>
    <message>
        <source>Runs every rule for the layer&apos;s role that has what it needs; the others are listed with what they lack. The layer is read as drawn and never changed. Errors of statutory survey data fold into at most ten groups, everything else on it is a note. Each finding says what is wrong, where, and shows the place.</source>
        <translation>执行该角色适用且资料齐全的全部规则，其余规则列出所缺资料。图层按原样读取，不作修改。法定调查数据的严重问题最多归并为十组，其余一律为备注。每条问题写明错在哪里，并标出位置。</translation>
    </message>
    <message>
        <source>Layer to check</source>
        <translation>待检图层</translation>
    </message>
    <message>
        <source>Any layer or table, read as it is.</source>
        <translation>任意图层或表，按原样读取。</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>What the layer is to the plan.</source>
        <translation>该图层在规划中的用途。</translation>
    </message>
    <message>
        <source>Standard layer</source>
        <translation>标准图层</translation>
    </message>
    <message>
        <source>Id of the standard layer to hold it against (third_survey.DLTB); left out: found by its fields.</source>
        <translation>用来对照的标准图层标识，如 third_survey.DLTB；不填则按字段自动识别。</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>检查规则</translation>
    </message>
    <message>
        <source>Ids of rules by commas; left out: all that can run.</source>
        <translation>规则标识，用逗号分隔；不填则执行全部可执行的规则。</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>Takes the place of the tolerance of every rule run, in that rule&apos;s own unit.</source>
        <translation>代替所执行各条规则的容差，单位按各规则自身的单位。</translation>
    </message>
    <message>
        <source>Layer it nests in</source>
        <translation>上级图层</translation>
    </message>
    <message>
        <source>Villages for parcels, the township for villages: the layer must lie in it and add up to it.</source>
        <translation>地类图斑的上级是行政村，行政村的上级是乡镇；图层须在上级范围内，面积合计与上级一致。</translation>
    </message>
    <message>
        <source>Unit code of the layer</source>
        <translation>行政区代码字段</translation>
    </message>
    <message>
        <source>Code that begins with the code of the unit above; left out: found by its standard names.</source>
        <translation>以上级代码开头的代码；不填则取标准字段名。</translation>
    </message>
    <message>
        <source>Unit code of the layer it nests in</source>
        <translation>上级行政区代码字段</translation>
    </message>
    <message>
        <source>Code of the unit above; left out: found by its standard names.</source>
        <translation>上级单位的代码；不填则取标准字段名。</translation>
    </message>
    <message>
        <source>Held against the layer by the rules that need it.</source>
        <translation>供需要它的规则与待检图层对照。</translation>
    </message>
    <message>
        <source>Permanent basic farmland</source>
        <translation>永久基本农田</translation>
    </message>
    <message>
        <source>Urban development boundary</source>
        <translation>城镇开发边界</translation>
    </message>
    <message>
        <source>Ecological redline</source>
        <translation>生态保护红线</translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation>地类图斑</translation>
    </message>
    <message>
        <source>Reclaim plots</source>
        <translation>拆旧地块（复垦地块）</translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation>建新地块</translation>
    </message>
    <message>
        <source>Same layer, the year before</source>
        <translation>上一年度的同一图层</translation>
    </message>
    <message>
        <source>The same layer of the year before.</source>
        <translation>待检图层上一年度的数据，用于两年对照。</translation>
    </message>
    <message>
        <source>Township</source>
        <translation>乡镇（街道）</translation>
    </message>
    <message>
        <source>Earlier projects</source>
        <translation>历史项目区</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题图斑</translation>
    </message>
    <message>
        <source>Rules run</source>
        <translation>规则执行情况</translation>
    </message>
    <message>
        <source>One row a rule: whether it ran, why not, how much it found, how long it took.</source>
        <translation>每条规则一行：是否执行、未执行的原因、问题条数和用时。</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>严重问题数</translation>
    </message>
    <message>
        <source>Number of findings that must be put right.</source>
        <translation>严重（必改）问题的条数。</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>一般问题数</translation>
    </message>
    <message>
        <source>Number of findings to look at.</source>
        <translation>一般问题的条数，需要核对。</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注数</translation>
    </message>
    <message>
        <source>Number of notes.</source>
        <translation>备注的条数。</translation>
    </message>
    <message>
        <source>Blocking groups</source>
        <translation>含严重问题的规则组数</translation>
    </message>
    <message>
        <source>Number of groups of rules with an error.</source>
        <translation>有严重（必改）问题的规则组个数。</translation>
    </message>
    <message>
        <source>Checks a layer: fields, codes, areas, shapes, overlaps, nesting, lines, plots.</source>
        <translation>检查一个图层的字段、地类代码、面积、图形、重叠与缝隙、上下级套合、控制线和规划地块。</translation>
    </message>
    <message>
        <source>One row a finding, the most serious first, with the polygon of its place. feature is the id of the feature, as fid is where the format does not number fid itself (a GeoPackage does).</source>
        <translation>每条问题一行，严重的在前，附所在位置的图形。feature 为要素编号；fid 与它相同，但 GeoPackage 等格式会自行给 fid 编号。</translation>
    </message>
    <message>
        <source>Line features (XZDW)</source>
        <translation>线状地物（XZDW）</translation>
    </message>
    <message>
        <source>Point features (LXDW)</source>
        <translation>零星地物（LXDW）</translation>
    </message>
    <message>
        <source>Land class field</source>
        <translation>地类编码字段</translation>
    </message>
    <message>
        <source>Land class code; left out: found by its standard names.</source>
        <translation>地类编码；不填则取标准字段名。</translation>
    </message>
    <message>
        <source>Recorded area field</source>
        <translation>图斑面积字段</translation>
    </message>
    <message>
        <source>Recorded area in m²; left out: found by its standard names.</source>
        <translation>图斑面积（平方米）；不填则取标准字段名。</translation>
    </message>
</context>
<context>
    <name>ComparePage</name>
    <message>
        <source>Accounts</source>
        <translation>指标对照</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>结论对照</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>地块差异</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Scenarios</source>
        <translation>规划方案</translation>
    </message>
    <message>
        <source>Only what differs</source>
        <translation>只看差异</translation>
    </message>
    <message>
        <source>Save the chart…</source>
        <translation>保存图表…</translation>
    </message>
    <message>
        <source>&lt;b&gt;{count} scenarios compared&lt;/b&gt;</source>
        <translation>&lt;b&gt;{count} 个方案对比&lt;/b&gt;</translation>
    </message>
    <message>
        <source>The scenarios are the same in every figure, verdict and plot.</source>
        <translation>各方案的指标、结论和地块完全相同。</translation>
    </message>
    <message>
        <source>Plots ({count})</source>
        <translation>地块差异（{count}）</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>已保存：{path}</translation>
    </message>
    <message>
        <source>scenarios</source>
        <translation>方案对比</translation>
    </message>
    <message>
        <source>Picture (*.png);;Drawing (*.svg)</source>
        <translation>图片 (*.png);;矢量图 (*.svg)</translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation>保存图表</translation>
    </message>
    <message>
        <source>Click to see all of it in a window of its own</source>
        <translation>点击在窗口中查看全图</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大查看</translation>
    </message>
</context>
<context>
    <name>CompareScenarios</name>
    <message>
        <source>Compare scenarios</source>
        <translation>规划方案对比</translation>
    </message>
    <message>
        <source>Accounts and verdicts of several plan databases side by side, on the same parcels.</source>
        <translation>在同一套地类图斑上，并列对比多个规划数据库的平衡表和结论。</translation>
    </message>
    <message>
        <source>Computes the balance of every scenario anew, all on the parcels given here, and holds each against the first. A scenario is a plan database with a layer of reclaim plots or new-build plots. Its lines, units, base conversions and targets are those of its own file; layers given here take their place in all scenarios. Where scenarios have different lines the log says so. A plot is known by its number: what has the same number on other land or in another year is listed as another form of it.</source>
        <translation>各方案统一按此处给出的地类图斑重新计算指标平衡，并逐项与首个方案对比。规划方案是含拆旧地块或建新地块图层的规划数据库；管控线、行政村、规划基数转换图层和下达指标取自各方案自己的文件，此处给出的则统一用于全部方案。各方案管控线不同的，写入日志。地块按编号识别：编号相同而范围或年度不同的，列为该地块的另一种情形。</translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation>地类图斑</translation>
    </message>
    <message>
        <source>Land-use parcels of the survey (DLTB).</source>
        <translation>国土调查的地类图斑（DLTB）。</translation>
    </message>
    <message>
        <source>Scenarios</source>
        <translation>规划方案</translation>
    </message>
    <message>
        <source>Plan databases (.gpkg), or any one layer of each; the first is what the others are held against.</source>
        <translation>规划数据库（.gpkg）文件，或其中任一图层；其他方案都与第一个对比。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>下达指标</translation>
    </message>
    <message>
        <source>Assigned figures: indicator, value, unit, year, unit_code.</source>
        <translation>下达的指标表：指标 indicator、数值 value、计量单位 unit、年份 year、单位代码 unit_code。</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>数据时点</translation>
    </message>
    <message>
        <source>Only what happens by this day counts, judged by the rules of that day; left out: the whole plan.</source>
        <translation>只计截至这一天发生的复垦和建新，并按当日有效的规则判定；不填则计整个规划。</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>方案对比表</translation>
    </message>
    <message>
        <source>One row an account line or verdict and scenario, with the difference to the first scenario.</source>
        <translation>每个方案的每个科目、每条结论一行，含与首个方案之差。</translation>
    </message>
    <message>
        <source>Plots compared</source>
        <translation>地块差异</translation>
    </message>
    <message>
        <source>Every form of every plot: in which scenarios, only in one, otherwise elsewhere.</source>
        <translation>每个地块的每种情形一行：见于哪些方案，是否仅一个方案有，与其他方案有何不同。</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Main figures and verdicts as a picture, PNG or SVG by the ending of its name.</source>
        <translation>主要指标和结论的对比图，按文件后缀存为 PNG 或 SVG。</translation>
    </message>
    <message>
        <source>Number of scenarios compared.</source>
        <translation>参与对比的方案个数。</translation>
    </message>
    <message>
        <source>Balanced scenarios</source>
        <translation>平衡的方案数</translation>
    </message>
    <message>
        <source>Scenarios in which no binding rule fails or is unknown.</source>
        <translation>强制性规则既无不符合也无缺数据的方案个数。</translation>
    </message>
    <message>
        <source>Plots in all</source>
        <translation>共有地块数</translation>
    </message>
    <message>
        <source>Plot numbers that every scenario has.</source>
        <translation>每个方案都有的地块编号个数。</translation>
    </message>
    <message>
        <source>Plots in one only</source>
        <translation>独有地块数</translation>
    </message>
    <message>
        <source>Plot numbers that only one scenario has.</source>
        <translation>仅一个方案有的地块编号个数。</translation>
    </message>
</context>
<context>
    <name>CompareTables</name>
    <message>
        <source>Difference to “{first}”</source>
        <translation>与“{first}”之差</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>科目</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>相差</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>{text} ({count} units)</source>
        <translation>{text}（{count} 个单元）</translation>
    </message>
    <message>
        <source>Plot</source>
        <translation>地块</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>面积</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>有</translation>
    </message>
    <message>
        <source>only in “{name}”</source>
        <translation>仅“{name}”有</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>in {names}</source>
        <translation>见于 {names}</translation>
    </message>
    <message>
        <source>another year</source>
        <translation>年度不同</translation>
    </message>
    <message>
        <source>drawn otherwise</source>
        <translation>范围不同</translation>
    </message>
    <message>
        <source>same land as {plots}</source>
        <translation>与 {plots} 同一块地</translation>
    </message>
</context>
<context>
    <name>DxfExport</name>
    <message>
        <source>Export plots to a drawing (DXF)</source>
        <translation>地块导出为 CAD 图形（DXF）</translation>
    </message>
    <message>
        <source>Writes plots as closed polylines by layer, with their numbers and boundary points.</source>
        <translation>将地块按 CAD 图层写成闭合多段线，附地块编号和界址点。</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>地块</translation>
    </message>
    <message>
        <source>Polygons in a projected coordinate system.</source>
        <translation>投影坐标系的面图层。</translation>
    </message>
    <message>
        <source>Field for CAD layers</source>
        <translation>CAD 图层字段</translation>
    </message>
    <message>
        <source>Plots go on layers named after its values; left out: the field use, else the layer&apos;s name.</source>
        <translation>按此字段的值分 CAD 图层；不填则取 use（用途）字段，没有则用图层名称。</translation>
    </message>
    <message>
        <source>Plot number</source>
        <translation>地块编号字段</translation>
    </message>
    <message>
        <source>Left out: the field plot_id, else the row&apos;s number.</source>
        <translation>不填则取 plot_id 字段；没有该字段则按行编号。</translation>
    </message>
    <message>
        <source>Boundary points</source>
        <translation>界址点</translation>
    </message>
    <message>
        <source>Draw boundary points with their numbers.</source>
        <translation>绘出界址点及其点号。</translation>
    </message>
    <message>
        <source>Text height (m)</source>
        <translation>文字高度（米）</translation>
    </message>
    <message>
        <source>Height of the texts on the ground.</source>
        <translation>文字按实地尺寸的高度。</translation>
    </message>
    <message>
        <source>Decimals</source>
        <translation>小数位数</translation>
    </message>
    <message>
        <source>Decimals of the coordinates in metres.</source>
        <translation>坐标的小数位数（单位米）。</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>CAD 图形文件</translation>
    </message>
    <message>
        <source>The file to write.</source>
        <translation>要生成的文件。</translation>
    </message>
    <message>
        <source>Number of plots</source>
        <translation>地块数</translation>
    </message>
    <message>
        <source>Plots written.</source>
        <translation>写出的地块个数。</translation>
    </message>
    <message>
        <source>Boundary points of the plots, closing points left out.</source>
        <translation>界址点个数，不含闭合点。</translation>
    </message>
    <message>
        <source>Every ring becomes a closed polyline on the layer of its plot, every plot gets its number as text; boundary points are numbered as in the survey coordinate file. The drawing is in the form of AutoCAD Release 12, with Chinese in GBK.</source>
        <translation>每一圈写成一条闭合多段线，放在地块所属的 CAD 图层上；每个地块注记编号；界址点编号与勘测定界坐标文件一致。图形为 AutoCAD R12 格式，汉字用 GBK 编码。</translation>
    </message>
</context>
<context>
    <name>DxfImport</name>
    <message>
        <source>Import plots from a drawing (DXF)</source>
        <translation>从 CAD 图形导入地块（DXF）</translation>
    </message>
    <message>
        <source>Turns the closed polylines of a CAD drawing into plots, with the CAD layer as a field.</source>
        <translation>将 CAD 图形中的闭合多段线转为地块，CAD 图层名写入字段。</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>CAD 图形文件</translation>
    </message>
    <message>
        <source>A DXF file in text form.</source>
        <translation>文本格式的 DXF 文件。</translation>
    </message>
    <message>
        <source>Coordinate system</source>
        <translation>坐标系</translation>
    </message>
    <message>
        <source>The one the drawing was made in: a drawing does not state it, and it is not guessed.</source>
        <translation>绘图所用的坐标系；图形中不注明坐标系，程序也不作猜测。</translation>
    </message>
    <message>
        <source>CAD layers</source>
        <translation>CAD 图层</translation>
    </message>
    <message>
        <source>Names of the layers to read, separated by commas; left out: all.</source>
        <translation>要读取的 CAD 图层名称，用逗号分隔；不填则全部读取。</translation>
    </message>
    <message>
        <source>CAD layer of plot numbers</source>
        <translation>地块编号所在 CAD 图层</translation>
    </message>
    <message>
        <source>Inner polylines are holes</source>
        <translation>内部多段线作为内圈</translation>
    </message>
    <message>
        <source>Close gaps up to (m)</source>
        <translation>闭合间距（米）</translation>
    </message>
    <message>
        <source>Polylines whose ends are at most this far apart are closed by a straight edge; 0: none.</source>
        <translation>首末点距不大于此值的多段线用直线闭合；0 为不闭合。</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>地块</translation>
    </message>
    <message>
        <source>One polygon a closed polyline, with its CAD layer and name.</source>
        <translation>每条闭合多段线一个面，含 CAD 图层名和编号。</translation>
    </message>
    <message>
        <source>Open polylines</source>
        <translation>未闭合多段线</translation>
    </message>
    <message>
        <source>Polylines that are not closed, with the gap between their ends.</source>
        <translation>未闭合的多段线，含首末点距。</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题与提示</translation>
    </message>
    <message>
        <source>What was noted while reading.</source>
        <translation>读取时发现的问题和提示。</translation>
    </message>
    <message>
        <source>Number of plots</source>
        <translation>地块数</translation>
    </message>
    <message>
        <source>Plots made.</source>
        <translation>生成的地块个数。</translation>
    </message>
    <message>
        <source>Number of polylines that are not closed.</source>
        <translation>未闭合多段线的条数。</translation>
    </message>
    <message>
        <source>Entities passed over</source>
        <translation>未读取的实体数</translation>
    </message>
    <message>
        <source>Hatches, blocks and other entities not read.</source>
        <translation>未读取的填充、图块等实体的个数。</translation>
    </message>
    <message>
        <source>Closed polylines become plots; arcs are drawn out to 0.1 degree; a text inside a plot names it when it is the only one, or the only one that stands at no vertex. Drawings of this program keep their plot numbers and holes. Open polylines are counted by layer and given as lines. Hatches, blocks, circles and single lines are counted and not read: explode blocks and join lines in the CAD program first. A DWG must be saved as DXF. Chinese layer names are read also where the drawing states no code page, or a wrong one.</source>
        <translation>闭合多段线转为地块；圆弧按 0.1 度展开；地块内只有一个文字，或只有一个不在顶点旁的文字时，取作编号。本程序导出的图形保留地块编号和内圈。未闭合多段线按 CAD 图层计数，并以线给出。填充、图块、圆和单独的直线只计数，不读取：请先在 CAD 中分解图块、连接直线。DWG 须另存为 DXF。未注明代码页或代码页有误的图形，汉字图层名也能读出。</translation>
    </message>
    <message>
        <source>Only texts of this layer name plots; left out: texts of all layers but boundary points.</source>
        <translation>只取此 CAD 图层上的文字作编号；不填则取除界址点以外所有图层的文字。</translation>
    </message>
    <message>
        <source>Yes: a polyline inside another of the same layer is its hole. No: each is a plot of its own, but for those without a plot number in drawings of this program.</source>
        <translation>是：同一 CAD 图层上，套在另一多段线之内的作为其内圈。否：各为一个地块；但本程序导出的图形中，没有地块编号的内部多段线仍作内圈。</translation>
    </message>
</context>
<context>
    <name>EllipsoidalArea</name>
    <message>
        <source>Ellipsoidal area</source>
        <translation>椭球面积计算</translation>
    </message>
    <message>
        <source>Adds the official ellipsoidal area of every polygon as a field and gives the total.</source>
        <translation>为每个面计算法定椭球面积，写入字段并给出合计。</translation>
    </message>
    <message>
        <source>Computes areas as the national land survey prescribes (strip formula on the ellipsoid of the layer's coordinate system), rounded to 0.01 m². Geometry and fields of the input stay as they are; an invalid polygon is measured as repaired and counted. The total is the sum of the rounded values.</source>
        <translation>按国土调查规定的图斑椭球面积公式（梯形分带累加，采用图层坐标系的椭球）计算面积，保留两位小数（0.01 平方米）。输入图层的图形和字段保持不变；无效面按修复后的图形计算并计数。合计为各面取舍后面积之和。</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>面图层</translation>
    </message>
    <message>
        <source>Layer to measure. It needs a coordinate system; degrees are fine except with planar areas.</source>
        <translation>要计算面积的图层，须有坐标系；除平面面积外，经纬度坐标也可以。</translation>
    </message>
    <message>
        <source>With ellipsoidal area</source>
        <translation>椭球面积结果</translation>
    </message>
    <message>
        <source>The input with the field ell_m2 (m²), NULL where a feature has no geometry.</source>
        <translation>输入图层加上字段 ell_m2（平方米）；没有图形的要素为空值。</translation>
    </message>
    <message>
        <source>Total area (m²)</source>
        <translation>总面积（平方米）</translation>
    </message>
    <message>
        <source>Sum of the rounded areas.</source>
        <translation>各面取舍后面积之和。</translation>
    </message>
    <message>
        <source>Features measured</source>
        <translation>已计算要素数</translation>
    </message>
    <message>
        <source>Number of features that have an area.</source>
        <translation>有面积的要素个数。</translation>
    </message>
</context>
<context>
    <name>FarmlandAdjust</name>
    <message>
        <source>Adjustment of permanent basic farmland</source>
        <translation>永久基本农田调整（划出与补划）</translation>
    </message>
    <message>
        <source>Releases permanent basic farmland for listed reasons and adds land that may come in (T10).</source>
        <translation>按列明的原因划出永久基本农田，选取可补划的耕地，编制调整情况表（T10）。</translation>
    </message>
    <message>
        <source>Farmland is released only for reasons the policy profile lists (planned construction, boundary, land that is cultivated no more, slope …), each with its code. Added is stable cultivated land outside boundary, new-build plots and the core of the redline, with a grade no worse than what is released, together with farmland that stays; reserve area first, then town fringe and roadside. The task must be met by net area, the weighted grade and the contiguity must not get worse. Chosen by rank and by the optimiser; METHODS says why they differ. What cannot be met is said with what is missing. A township cannot change the line by itself: the result is a proposal for the county.</source>
        <translation>只按政策规则包列明的原因（规划预留建设、城镇开发边界内、已不是耕地、坡度等）划出永久基本农田，并注明原因代码。补划的是城镇开发边界、建新地块和生态保护红线核心区以外、稳定利用、等别不低于划出耕地、与保留的永久基本农田连片的耕地；储备区优先，其次为城镇周边和交通沿线。调整后净面积不少于任务，加权等别和连片程度不下降。按次序选取和优化选取各算一次，METHODS 说明差异；不能满足的，列出尚缺数量。乡镇不能自行调整永久基本农田，结果为报县级论证的调整建议。</translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation>地类图斑</translation>
    </message>
    <message>
        <source>Land-use parcels of the survey (DLTB). All other layers are brought to its coordinate system.</source>
        <translation>国土调查的地类图斑（DLTB）。其他图层都转换到它的坐标系。</translation>
    </message>
    <message>
        <source>Parcel id field</source>
        <translation>图斑标识字段</translation>
    </message>
    <message>
        <source>Identifies a parcel in results; left out: the feature id.</source>
        <translation>结果中用来标识图斑；不填则用要素编号。</translation>
    </message>
    <message>
        <source>Land class field</source>
        <translation>地类编码字段</translation>
    </message>
    <message>
        <source>Land class code; left out: DLBM or another standard name.</source>
        <translation>地类编码；不填则取 DLBM 等标准字段名。</translation>
    </message>
    <message>
        <source>Village field</source>
        <translation>行政村代码字段</translation>
    </message>
    <message>
        <source>Code of the village, its first 12 characters count; left out: ZLDWDM or another standard name.</source>
        <translation>行政村代码，取前 12 位；不填则取 ZLDWDM 等标准字段名。</translation>
    </message>
    <message>
        <source>Recorded area field</source>
        <translation>图斑面积字段</translation>
    </message>
    <message>
        <source>Recorded area in m² (TBMJ) that the pieces of a parcel must add up to; left out: the parcel's own area by the area method, rounded to 0.01 m².</source>
        <translation>登记的图斑面积（TBMJ，平方米），套合图斑（碎部）面积之和与它一致；不填则按所选面积算法计算图斑自身面积，取至 0.01 平方米。</translation>
    </message>
    <message>
        <source>Deduction rate field</source>
        <translation>扣除系数字段</translation>
    </message>
    <message>
        <source>Rate of field ridges to deduct; left out: KCXS or another standard name, for tasks are net.</source>
        <translation>扣除地类系数；不填则取 KCXS 等标准字段名（保护任务按净面积考核）。</translation>
    </message>
    <message>
        <source>Quality grade field</source>
        <translation>耕地等别字段</translation>
    </message>
    <message>
        <source>Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name.</source>
        <translation>耕地利用等别（1 等最好）；不填则取 GDDB 等标准字段名。</translation>
    </message>
    <message>
        <source>Slope level field</source>
        <translation>坡度级别字段</translation>
    </message>
    <message>
        <source>Slope level of cultivated land (1–5, 5 above 25°); left out: GDPDJB or the like.</source>
        <translation>耕地坡度级别（1—5，5 为大于 25°）；不填则取 GDPDJB 等标准字段名。</translation>
    </message>
    <message>
        <source>Refinement code field</source>
        <translation>图斑细化代码字段</translation>
    </message>
    <message>
        <source>Tells unstable cultivated land; left out: TBXHDM or another standard name.</source>
        <translation>用来识别不稳定利用耕地；不填则取 TBXHDM 等标准字段名。</translation>
    </message>
    <message>
        <source>Planting code field</source>
        <translation>种植属性代码字段</translation>
    </message>
    <message>
        <source>Tells land that is not cultivated; left out: ZZSXDM or another standard name.</source>
        <translation>用来识别未耕种的耕地；不填则取 ZZSXDM 等标准字段名。</translation>
    </message>
    <message>
        <source>Permanent basic farmland</source>
        <translation>永久基本农田</translation>
    </message>
    <message>
        <source>Polygons of permanent basic farmland.</source>
        <translation>永久基本农田图斑。</translation>
    </message>
    <message>
        <source>Urban development boundary</source>
        <translation>城镇开发边界</translation>
    </message>
    <message>
        <source>Area inside the development boundary; land near it comes in first.</source>
        <translation>城镇开发边界内的范围；边界周边的耕地优先补划。</translation>
    </message>
    <message>
        <source>Ecological redline</source>
        <translation>生态保护红线</translation>
    </message>
    <message>
        <source>Redline areas; a field level (1 or 2) gives the control level, without it level 1 is assumed.</source>
        <translation>生态保护红线范围；level 字段（1 或 2）为管控级别，没有则按一级管控区计。</translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation>建新地块</translation>
    </message>
    <message>
        <source>Plots to be built on; quota from the province or above (quota_src) is a key project.</source>
        <translation>拟建新的地块；指标来源（quota_src）为省级以上的，按重点建设项目计。</translation>
    </message>
    <message>
        <source>Reclaim plots</source>
        <translation>拆旧地块（复垦地块）</translation>
    </message>
    <message>
        <source>Plots to be reclaimed; their land comes in once it is accepted (acc_date) as cultivated land.</source>
        <translation>拟拆旧复垦的地块；验收（acc_date）为耕地后方可补划。</translation>
    </message>
    <message>
        <source>Reserve of permanent basic farmland</source>
        <translation>永久基本农田储备区</translation>
    </message>
    <message>
        <source>Reserve area: the first source of what comes in.</source>
        <translation>永久基本农田储备区范围，优先从中补划。</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>Lines or polygons; land near them comes in first.</source>
        <translation>线或面图层；道路沿线的耕地优先补划。</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Village areas with a code; they give the village of parcels that state none.</source>
        <translation>带代码的行政村范围；地类图斑没有坐落代码时，按所在行政村取代码。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>下达指标</translation>
    </message>
    <message>
        <source>Assigned figures; farmland_m2 is the task of the township and of villages.</source>
        <translation>下达的指标表；farmland_m2 为乡镇和行政村的永久基本农田保护任务。</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>数据时点</translation>
    </message>
    <message>
        <source>Only plots accepted or built by this day count; left out: the whole plan.</source>
        <translation>只计截至这一天已验收的拆旧地块和已用地的建新地块；不填则计整个规划。</translation>
    </message>
    <message>
        <source>Way of choosing</source>
        <translation>选取方法</translation>
    </message>
    <message>
        <source>greedy: by rank; optimal: by the optimiser; both: both, and the optimiser&apos;s choice stands.</source>
        <translation>greedy：按次序选取；optimal：优化选取；both：两种都算，采用优化选取的结果。</translation>
    </message>
    <message>
        <source>Farmland before and after</source>
        <translation>调整前后永久基本农田</translation>
    </message>
    <message>
        <source>Every piece with change keep, release or add, reason and code, source, areas and score.</source>
        <translation>逐个套合图斑（碎部）列出 keep 保留、release 划出或 add 补划，以及原因和代码、来源、面积和得分。</translation>
    </message>
    <message>
        <source>Adjustment by village (T10)</source>
        <translation>分村调整情况（T10）</translation>
    </message>
    <message>
        <source>One row a village; the last row, with an empty unit_code, is the township.</source>
        <translation>每个行政村一行；最后一行为全乡镇合计，unit_code 为空。</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Task, supplement, grade, contiguity and what must not be there: pass, fail, warn or unknown.</source>
        <translation>任务、补划、等别、连片程度及不应存在的情形：符合、不符合、提示或缺数据。</translation>
    </message>
    <message>
        <source>Ways of choosing</source>
        <translation>选取方法对照</translation>
    </message>
    <message>
        <source>By rank and by the optimiser line by line, the difference and why.</source>
        <translation>逐项对照按次序选取和优化选取，列出差值及原因。</translation>
    </message>
    <message>
        <source>Shortages</source>
        <translation>尚缺情况</translation>
    </message>
    <message>
        <source>What cannot be kept, by how much, and what to do; empty when nothing is short.</source>
        <translation>不能满足的条件、尚缺数量和处理建议；没有不足时为空表。</translation>
    </message>
    <message>
        <source>Land that may not come in</source>
        <translation>不能补划的耕地</translation>
    </message>
    <message>
        <source>Cultivated land outside the farmland by reason and village.</source>
        <translation>永久基本农田以外的耕地，按原因和行政村汇总。</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题与提示</translation>
    </message>
    <message>
        <source>What to look at, with severity and advice.</source>
        <translation>需要查看的问题，含级别和处理建议。</translation>
    </message>
    <message>
        <source>Register of changes (JBNTHRHC)</source>
        <translation>划入划出登记图层（JBNTHRHC）</translation>
    </message>
    <message>
        <source>Fields released and added with the fields of the standard layer JBNTHRHC.</source>
        <translation>划出和补划的图斑，字段按标准图层 JBNTHRHC。</translation>
    </message>
    <message>
        <source>Farmland cultivated no more</source>
        <translation>永久基本农田内的非耕地</translation>
    </message>
    <message>
        <source>Permanent basic farmland that is pond, garden, construction land or the like by now.</source>
        <translation>现状已是坑塘、园地、建设用地等的永久基本农田。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>T10 and the register formatted for print.</source>
        <translation>调整情况表（T10）和划入划出登记表，可直接打印。</translation>
    </message>
    <message>
        <source>Farmland before (m²)</source>
        <translation>调整前面积（平方米）</translation>
    </message>
    <message>
        <source>Net area on parcels.</source>
        <translation>地类图斑范围内的净面积。</translation>
    </message>
    <message>
        <source>Farmland after (m²)</source>
        <translation>调整后面积（平方米）</translation>
    </message>
    <message>
        <source>Before minus released plus added.</source>
        <translation>调整前减划出加补划。</translation>
    </message>
    <message>
        <source>Released (m²)</source>
        <translation>划出面积（平方米）</translation>
    </message>
    <message>
        <source>Net area.</source>
        <translation>净面积。</translation>
    </message>
    <message>
        <source>Added (m²)</source>
        <translation>补划面积（平方米）</translation>
    </message>
    <message>
        <source>Grade before</source>
        <translation>调整前加权等别</translation>
    </message>
    <message>
        <source>Weighted by net area; NULL where nothing is graded.</source>
        <translation>按净面积加权；没有等别时为空值。</translation>
    </message>
    <message>
        <source>Grade after</source>
        <translation>调整后加权等别</translation>
    </message>
    <message>
        <source>Contiguity before (ha)</source>
        <translation>调整前连片程度（公顷）</translation>
    </message>
    <message>
        <source>Mean size of the patches of farmland, weighted by area.</source>
        <translation>永久基本农田各连片地块面积的加权平均值（按面积加权）。</translation>
    </message>
    <message>
        <source>Contiguity after (ha)</source>
        <translation>调整后连片程度（公顷）</translation>
    </message>
    <message>
        <source>Rules failed</source>
        <translation>不符合的结论数</translation>
    </message>
    <message>
        <source>Number of verdicts that fail.</source>
        <translation>结论为“不符合”的条数。</translation>
    </message>
    <message>
        <source>Rules without data</source>
        <translation>缺数据的结论数</translation>
    </message>
    <message>
        <source>Number of verdicts that lack data.</source>
        <translation>结论为“缺数据”的条数。</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>选取结果</translation>
    </message>
    <message>
        <source>kept or short; of the optimiser optimal, gap or infeasible.</source>
        <translation>kept 各项条件均满足，short 尚有不足；优化选取为 optimal 最优、gap 与最优解有差距、infeasible 指标无法平衡。</translation>
    </message>
</context>
<context>
    <name>FieldsTable</name>
    <message>
        <source>Field of the role</source>
        <translation>标准字段</translation>
    </message>
    <message>
        <source>Field of the layer</source>
        <translation>图层字段</translation>
    </message>
    <message>
        <source>Found by</source>
        <translation>识别依据</translation>
    </message>
    <message>
        <source>Sample values</source>
        <translation>示例值</translation>
    </message>
    <message>
        <source>(none)</source>
        <translation>（不对应）</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺少</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
    <message>
        <source>Also called: {names}</source>
        <translation>其他名称：{names}</translation>
    </message>
    <message>
        <source>Required.</source>
        <translation>必填。</translation>
    </message>
</context>
<context>
    <name>FinanceAlgorithm</name>
    <message>
        <source>Financial balance of a plan</source>
        <translation>规划方案资金平衡</translation>
    </message>
    <message>
        <source>What a plan costs and brings in, by plot, item and year, and the price that closes it (T14).</source>
        <translation>按地块、项目和年度测算规划方案的支出与收入，以及收支平衡的地价（T14）。</translation>
    </message>
    <message>
        <source>Multiplies households, areas and floors of the plots by the prices of the profile&apos;s items; the price table gives the prices of your town, also by village and year. A plot&apos;s own cost (yuan, with compensation and works) and price (10 000 yuan a mu) come first. Few prices have a source: the others are blank, and an item without its price is unknown, never 0; what is known is given as a lower bound. Interest is due on the gap at the end of the year before. The break-even price is that of a mu of transferred land at which income covers all expenses.</source>
        <translation>以地块的户数、面积、建筑面积乘政策规则包中各项目的单价；当地单价填在单价表中，可分村、分年。地块自填的费用（元，含拆迁补偿和复垦工程）和单价（万元/亩）优先。有依据的单价很少，其余留空：缺单价的项目按缺数据处理，不按 0 计，已知部分作为下限列出。利息按上年末资金缺口计。平衡地价为使收入等于全部支出的每亩出让净收益。</translation>
    </message>
    <message>
        <source>Quality grade field</source>
        <translation>耕地等别字段</translation>
    </message>
    <message>
        <source>Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name.</source>
        <translation>耕地利用等别（1 等最好）；不填则取 GDDB 等标准字段名。</translation>
    </message>
    <message>
        <source>Prices</source>
        <translation>单价表</translation>
    </message>
    <message>
        <source>Columns item (id or name), price, unit (such as yuan/household); unit_code and year where they differ. The tool Table to fill in writes it with all items.</source>
        <translation>单价表：项目 item（编号或名称）、单价 price、计量单位 unit（如 元/户、万元/亩）；各村、各年不同的，加 unit_code、year。“填写表”工具可生成已列好全部项目的空表。</translation>
    </message>
    <message>
        <source>Further items</source>
        <translation>选用项目</translation>
    </message>
    <message>
        <source>Ids, by commas, of optional items of the profile, such as quota_green; priced ones count anyway.</source>
        <translation>政策规则包中选用项目的编号，用逗号分隔，如 quota_green；单价表中已有单价的自动计入。</translation>
    </message>
    <message>
        <source>Money of plots</source>
        <translation>地块资金</translation>
    </message>
    <message>
        <source>Every plot with its expenses, incomes and what is lacking.</source>
        <translation>每个地块的支出、收入和缺少的数据。</translation>
    </message>
    <message>
        <source>Financial table (T14)</source>
        <translation>资金平衡表（T14）</translation>
    </message>
    <message>
        <source>One row an item, then the sums.</source>
        <translation>每个项目一行，其后为合计。</translation>
    </message>
    <message>
        <source>Money by year</source>
        <translation>分年度资金平衡</translation>
    </message>
    <message>
        <source>Expenses, interest, incomes, balance, gap.</source>
        <translation>支出、利息、收入、余额、缺口。</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Whether funding is closed.</source>
        <translation>资金是否封闭平衡。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>T14 formatted for print.</source>
        <translation>资金平衡表（T14）和分年度资金平衡表，可直接打印。</translation>
    </message>
    <message>
        <source>Expenses (yuan)</source>
        <translation>支出（元）</translation>
    </message>
    <message>
        <source>All expenses with interest; None when one is unknown.</source>
        <translation>全部支出，含利息；有一项缺数据则为空值。</translation>
    </message>
    <message>
        <source>Incomes (yuan)</source>
        <translation>收入（元）</translation>
    </message>
    <message>
        <source>All incomes; None when one is unknown.</source>
        <translation>全部收入；有一项缺数据则为空值。</translation>
    </message>
    <message>
        <source>Balance (yuan)</source>
        <translation>收支差额（元）</translation>
    </message>
    <message>
        <source>Incomes less expenses.</source>
        <translation>收入减支出。</translation>
    </message>
    <message>
        <source>Cost of quota (yuan/mu)</source>
        <translation>单位指标成本（元/亩）</translation>
    </message>
    <message>
        <source>Expenses a mu of net quota.</source>
        <translation>每亩净指标的支出。</translation>
    </message>
    <message>
        <source>Break-even price (yuan/mu)</source>
        <translation>平衡地价（元/亩）</translation>
    </message>
    <message>
        <source>Of transferred land, at which incomes cover expenses.</source>
        <translation>使收入等于支出的出让净收益单价。</translation>
    </message>
    <message>
        <source>Largest gap (yuan)</source>
        <translation>最大资金缺口（元）</translation>
    </message>
    <message>
        <source>At the end of any year.</source>
        <translation>各年年末资金缺口的最大值。</translation>
    </message>
    <message>
        <source>Known expenses (yuan)</source>
        <translation>已知支出（元）</translation>
    </message>
    <message>
        <source>At least this much.</source>
        <translation>不少于此数。</translation>
    </message>
    <message>
        <source>Known incomes (yuan)</source>
        <translation>已知收入（元）</translation>
    </message>
    <message>
        <source>Items not known</source>
        <translation>缺数据的项目数</translation>
    </message>
    <message>
        <source>Items that lack a price or a quantity.</source>
        <translation>缺单价或数量的项目数。</translation>
    </message>
</context>
<context>
    <name>FindingActions</name>
    <message>
        <source>The findings selected…</source>
        <translation>接受选中的问题…</translation>
    </message>
    <message>
        <source>All of this rule in this layer…</source>
        <translation>接受本图层该规则的全部问题…</translation>
    </message>
    <message>
        <source>No place known.</source>
        <translation>没有图形位置。</translation>
    </message>
    <message>
        <source>Basis: {basis}</source>
        <translation>依据：{basis}</translation>
    </message>
    <message>
        <source>Zoom along</source>
        <translation>随选缩放</translation>
    </message>
    <message>
        <source>Show every finding on the map as soon as it is selected</source>
        <translation>选中问题时地图随即缩放到其位置</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>Previous finding (Alt+Up)</source>
        <translation>上一个问题（Alt+上箭头）</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Next finding (Alt+Down)</source>
        <translation>下一个问题（Alt+下箭头）</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Zoom to the place of the finding</source>
        <translation>缩放到问题位置</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Bring the place to the middle of the map</source>
        <translation>将问题位置移到地图中央</translation>
    </message>
    <message>
        <source>Flash</source>
        <translation>闪烁</translation>
    </message>
    <message>
        <source>Make the place blink</source>
        <translation>让问题位置闪烁</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>表单</translation>
    </message>
    <message>
        <source>Open the form of the feature</source>
        <translation>打开该要素的属性表单</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>属性表</translation>
    </message>
    <message>
        <source>Select the features in the attribute table</source>
        <translation>在属性表中选中这些要素</translation>
    </message>
    <message>
        <source>Mark as fixed</source>
        <translation>标为已改正</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>接受…</translation>
    </message>
    <message>
        <source>It may stay as it is; say why in a note</source>
        <translation>可保持现状，请在说明中写明理由</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>恢复未处理</translation>
    </message>
    <message>
        <source>Take the mark back</source>
        <translation>取消已改正或已接受的标记</translation>
    </message>
    <message>
        <source>Select a finding to see it on the map.</source>
        <translation>选中一条问题，即可在地图上查看。</translation>
    </message>
    <message>
        <source>You have corrected it</source>
        <translation>已改正该问题</translation>
    </message>
    <message>
        <source>Add the layers of the plan to the project; give them their roles in “Layers and fields”.</source>
        <translation>请先将规划所用图层加入工程，并在“图层与字段”中确定各图层的角色。</translation>
    </message>
    <message>
        <source>Click “Check all” to check the layers of the plan.</source>
        <translation>点击“检查全部”，检查规划所用图层。</translation>
    </message>
    <message>
        <source>Nothing was found: the layers checked are in order.</source>
        <translation>未发现问题：所检图层均符合要求。</translation>
    </message>
</context>
<context>
    <name>FindingsDock</name>
    <message>
        <source>Data check</source>
        <translation>质检结果</translation>
    </message>
    <message>
        <source>Workbook (xlsx)…</source>
        <translation>Excel 表格（xlsx）…</translation>
    </message>
    <message>
        <source>GeoPackage with places…</source>
        <translation>带图形的 GeoPackage…</translation>
    </message>
    <message>
        <source>No layer with a role is ticked.</source>
        <translation>没有勾选要检查的图层。</translation>
    </message>
    <message>
        <source>Checking data</source>
        <translation>数据质检</translation>
    </message>
    <message>
        <source>Stopped. Nothing of this run was kept.</source>
        <translation>已停止，本次质检未保存任何结果。</translation>
    </message>
    <message>
        <source>{count} findings may stay as they are. Why?</source>
        <translation>{count} 条问题可保持现状，理由：</translation>
    </message>
    <message>
        <source>Accept findings</source>
        <translation>接受问题</translation>
    </message>
    <message>
        <source>Delete the run of {time}? What was marked is kept for later runs.</source>
        <translation>删除 {time} 的质检结果？处理标记会保留，用于以后的质检。</translation>
    </message>
    <message>
        <source>Delete run</source>
        <translation>删除质检结果</translation>
    </message>
    <message>
        <source>The layer {layer} is not in this project.</source>
        <translation>图层 {layer} 已不在本工程中。</translation>
    </message>
    <message>
        <source>This finding is about the layer as a whole.</source>
        <translation>该问题针对整个图层。</translation>
    </message>
    <message>
        <source>Feature {fid} is no longer in {layer}.</source>
        <translation>{layer} 中已没有要素 {fid}。</translation>
    </message>
    <message>
        <source>Fault of the program: {what}</source>
        <translation>程序出错：{what}</translation>
    </message>
</context>
<context>
    <name>FindingsPage</name>
    <message>
        <source>Check all</source>
        <translation>检查全部</translation>
    </message>
    <message>
        <source>Check every layer that has a role in the plan</source>
        <translation>检查所有已确定用途的图层</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>质检记录</translation>
    </message>
    <message>
        <source>Delete this run</source>
        <translation>删除这次质检结果</translation>
    </message>
    <message>
        <source>Checking %p%</source>
        <translation>正在检查 %p%</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Not checked yet</source>
        <translation>尚未质检</translation>
    </message>
    <message>
        <source>{count} rules could not run for lack of data</source>
        <translation>{count} 条规则因缺少数据未检查（悬停查看）</translation>
    </message>
    <message>
        <source>{time}　{counts}</source>
        <translation>{time}　{counts}</translation>
    </message>
</context>
<context>
    <name>FindingsSaver</name>
    <message>
        <source>Workbook (*.xlsx)</source>
        <translation>Excel 表格 (*.xlsx)</translation>
    </message>
    <message>
        <source>GeoPackage (*.gpkg)</source>
        <translation>GeoPackage (*.gpkg)</translation>
    </message>
    <message>
        <source>findings</source>
        <translation>质检结果</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>There is nothing to export.</source>
        <translation>没有可导出的问题。</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>已保存：{path}</translation>
    </message>
</context>
<context>
    <name>FindingsTable</name>
    <message>
        <source>Severity</source>
        <translation>程度</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Feature</source>
        <translation>要素号</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>State</source>
        <translation>处理状态</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>处理说明</translation>
    </message>
    <message>
        <source>Feature id in the layer; a dash is the layer as a whole</source>
        <translation>图层中的要素号；横线表示整个图层</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>条数</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>已处理</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>{layer} ({role})</source>
        <translation>{layer}（{role}）</translation>
    </message>
</context>
<context>
    <name>GapCurve</name>
    <message>
        <source>Plan found and bound</source>
        <translation>已找到的方案与最优界</translation>
    </message>
</context>
<context>
    <name>GapOffers</name>
    <message>
        <source>&lt;b&gt;Candidates that close the gap&lt;/b&gt;</source>
        <translation>&lt;b&gt;可补足缺口的备选地块&lt;/b&gt;</translation>
    </message>
    <message>
        <source>No candidates left that close this gap</source>
        <translation>没有能补足此缺口的备选地块</translation>
    </message>
    <message>
        <source>Show these candidates on the map</source>
        <translation>在地图上查看</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>加入</translation>
    </message>
    <message>
        <source>Put these candidates into the layer of reclaim plots, as one step that can be undone</source>
        <translation>把这些地块加入拆旧地块图层，可一步撤销</translation>
    </message>
    <message>
        <source>&lt;b&gt;{plots}&lt;/b&gt;: adds {adds}, {rest} to spare</source>
        <translation>&lt;b&gt;{plots}&lt;/b&gt;：增加 {adds}，补足后富余 {rest}</translation>
    </message>
    <message>
        <source>, cost {cost}</source>
        <translation>，费用 {cost}</translation>
    </message>
    <message>
        <source>There is no layer of reclaim plots that can be edited.</source>
        <translation>没有可编辑的拆旧地块图层。</translation>
    </message>
    <message>
        <source>Add {plots}</source>
        <translation>加入 {plots}</translation>
    </message>
    <message>
        <source>The plots could not be added; nothing was changed.</source>
        <translation>地块未能加入，图层未作改动。</translation>
    </message>
    <message>
        <source>Added: {plots}. Save the layer to keep them.</source>
        <translation>已加入：{plots}。保存图层编辑后生效。</translation>
    </message>
    <message>
        <source> Year set to {year}.</source>
        <translation>实施年度暂定 {year} 年。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>{plot} and others, {count} plots</source>
        <translation>{plot} 等 {count} 个地块</translation>
    </message>
</context>
<context>
    <name>Indicators</name>
    <message>
        <source>Indicators and ranking</source>
        <translation>主要指标与排名</translation>
    </message>
    <message>
        <source>Development intensity, redline share, land per GDP, the five quantities, by village and ranked.</source>
        <translation>开发强度、生态红线占比、单位GDP建设用地占用、五量指标，分村计算并排名。</translation>
    </message>
    <message>
        <source>Computes the indicators of a plan by township and village at the base and after the plan, holds them against assigned figures, published figures of the region and warning levels, and ranks the villages. What has no figure to be held against, or lacks data, is unknown, never passed. Intensity is shown with and without large lakes. Without plots it shows the present state.</source>
        <translation>按乡镇和行政村计算规划基期和规划期末的各项指标，与下达指标、本地区公布的指标和预警值对照，并对行政村排名。没有可对照的数值或缺数据的，结论为“缺数据”，不会判为符合。土地开发强度按含、不含大湖面分别列出。不给拆旧、建新地块时只反映现状。</translation>
    </message>
    <message>
        <source>Population</source>
        <translation>人口与户数</translation>
    </message>
    <message>
        <source>Registered households and population by village or natural village.</source>
        <translation>分行政村或自然村的户籍户数和户籍人口。</translation>
    </message>
    <message>
        <source>Economy</source>
        <translation>社会经济指标表</translation>
    </message>
    <message>
        <source>Figures by unit and year: indicator (GDP, output, tax, investment, land supply …), value, unit. The tool Table to fill in writes it.</source>
        <translation>分单位、分年份的社会经济指标：指标 indicator（GDP、产值、税收、投资、供地等）、数值 value、计量单位 unit。“填写表”工具可生成空表。</translation>
    </message>
    <message>
        <source>Base year</source>
        <translation>基期年</translation>
    </message>
    <message>
        <source>Of the economy; left out: the earliest stated.</source>
        <translation>社会经济指标的基期年；不填则取表中最早的年份。</translation>
    </message>
    <message>
        <source>Present year</source>
        <translation>现期年</translation>
    </message>
    <message>
        <source>Of the economy; left out: the latest stated.</source>
        <translation>社会经济指标的现期年；不填则取表中最晚的年份。</translation>
    </message>
    <message>
        <source>Indicators</source>
        <translation>主要指标</translation>
    </message>
    <message>
        <source>One row a unit, indicator and figure it is held against.</source>
        <translation>每个单位、每项指标、每个对照数值一行。</translation>
    </message>
    <message>
        <source>Ranking</source>
        <translation>节约集约用地排名</translation>
    </message>
    <message>
        <source>Villages, and townships where several.</source>
        <translation>行政村排名；有多个乡镇时，另列乡镇排名。</translation>
    </message>
    <message>
        <source>Five quantities</source>
        <translation>五量指标</translation>
    </message>
    <message>
        <source>Indicators by the five quantities.</source>
        <translation>按控制总量、优化增量、盘活存量、用好流量、提升质量分列的指标。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>T1, T23 and the ranking formatted for print.</source>
        <translation>规划主要指标表（T1）、指标分解表（T23）和排名表，可直接打印。</translation>
    </message>
    <message>
        <source>Development intensity (%)</source>
        <translation>土地开发强度（%）</translation>
    </message>
    <message>
        <source>Construction land after the plan.</source>
        <translation>按规划期末的建设用地计。</translation>
    </message>
    <message>
        <source>Development intensity without large lakes (%)</source>
        <translation>土地开发强度（不含大湖面，%）</translation>
    </message>
    <message>
        <source>The same, large lakes left out of the total.</source>
        <translation>同上，土地总面积不含大湖面。</translation>
    </message>
    <message>
        <source>Share of the ecological redline (%)</source>
        <translation>生态红线占比（%）</translation>
    </message>
    <message>
        <source>NULL without redline.</source>
        <translation>未给生态保护红线时为空值。</translation>
    </message>
    <message>
        <source>Construction land per GDP (mu/100 million yuan)</source>
        <translation>单位GDP建设用地占用（亩/亿元）</translation>
    </message>
    <message>
        <source>NULL without GDP.</source>
        <translation>没有 GDP 时为空值。</translation>
    </message>
    <message>
        <source>Fall of land per GDP (%)</source>
        <translation>单位GDP建设用地占用下降率（%）</translation>
    </message>
    <message>
        <source>From the base year to the present year.</source>
        <translation>由基期年到现期年。</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>不符合的指标数</translation>
    </message>
    <message>
        <source>Indicators that miss a binding figure.</source>
        <translation>未达到约束性指标的项数。</translation>
    </message>
    <message>
        <source>Warned</source>
        <translation>提示的指标数</translation>
    </message>
    <message>
        <source>Indicators that miss an expected figure or reach a limit.</source>
        <translation>未达到预期性指标或达到预警值的项数。</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>缺数据的指标数</translation>
    </message>
    <message>
        <source>Of the whole: no data, or nothing to be held against.</source>
        <translation>全乡镇指标中缺数据或没有可对照数值的项数。</translation>
    </message>
</context>
<context>
    <name>LayerCard</name>
    <message>
        <source>Back to the guess</source>
        <translation>恢复自动识别</translation>
    </message>
    <message>
        <source>Drop what you chose for this layer: role, fields, classification, year</source>
        <translation>取消对此图层的手工选择：角色、字段、地类体系、数据时点</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>设为此坐标系</translation>
    </message>
    <message>
        <source>Give the layer this coordinate system in the project; the data stay as they are</source>
        <translation>仅在工程中为图层设置此坐标系，数据不变</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>Classification</source>
        <translation>地类体系</translation>
    </message>
    <message>
        <source>CRS</source>
        <translation>坐标系</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>文字编码</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>数据时点</translation>
    </message>
    <message>
        <source>no role</source>
        <translation>未定角色</translation>
    </message>
    <message>
        <source>being detected…</source>
        <translation>识别中…</translation>
    </message>
    <message>
        <source>Found: {system}</source>
        <translation>识别为：{system}</translation>
    </message>
    <message>
        <source>{one} and {other} fit alike: please choose</source>
        <translation>“{one}”与“{other}”匹配程度相近，请选择</translation>
    </message>
    <message>
        <source>No classification fits: please choose</source>
        <translation>没有匹配的地类体系，请选择</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>{crs}: fits the coordinates</source>
        <translation>{crs}：与坐标相符</translation>
    </message>
    <message>
        <source>{crs}: cannot be held against the coordinates</source>
        <translation>{crs}：无法用坐标核对</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Read as {shown}, but it is {encoding} ({why})</source>
        <translation>现按 {shown} 读取，实为 {encoding}（{why}）</translation>
    </message>
    <message>
        <source>Read as {encoding}</source>
        <translation>按 {encoding} 读取</translation>
    </message>
    <message>
        <source>as its .cpg file says</source>
        <translation>.cpg 文件注明</translation>
    </message>
    <message>
        <source>as its language byte says</source>
        <translation>文件头注明</translation>
    </message>
    <message>
        <source>its text is valid UTF-8</source>
        <translation>文字符合 UTF-8</translation>
    </message>
    <message>
        <source>its text is valid GB18030 and no UTF-8</source>
        <translation>文字符合 GB18030，不符合 UTF-8</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>已手工指定</translation>
    </message>
    <message>
        <source>more than a year from the other layers ({year})</source>
        <translation>与其他图层（{year}年）相差一年以上</translation>
    </message>
    <message>
        <source>survey data stand for 31 December of the year</source>
        <translation>调查数据时点为当年12月31日</translation>
    </message>
    <message>
        <source>from a field of the layer</source>
        <translation>取自图层字段</translation>
    </message>
    <message>
        <source>from the name of the layer</source>
        <translation>取自图层名称</translation>
    </message>
</context>
<context>
    <name>LayerChoice</name>
    <message>
        <source>{role}: {layer}</source>
        <translation>{role}：{layer}</translation>
    </message>
    <message>
        <source>{count} of {of} layers</source>
        <translation>{count}/{of} 个图层</translation>
    </message>
    <message>
        <source>Layers to check</source>
        <translation>要检查的图层</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>{datum}, longitude and latitude</source>
        <translation>{datum} 经纬度</translation>
    </message>
    <message>
        <source>{datum}, central meridian {meridian}°, no zone number</source>
        <translation>{datum} 中央经线{meridian}°（不带带号）</translation>
    </message>
    <message>
        <source>{datum}, {degrees}° zone {zone}</source>
        <translation>{datum} {degrees}度带第{zone}带</translation>
    </message>
    <message>
        <source>Xi&apos;an 80</source>
        <translation>西安80</translation>
    </message>
    <message>
        <source>Beijing 54</source>
        <translation>北京54</translation>
    </message>
    <message>
        <source>name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>alias</source>
        <translation>别名</translation>
    </message>
    <message>
        <source>contents</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>已指定</translation>
    </message>
    <message>
        <source>{system} (fits {share} of the area)</source>
        <translation>{system}（匹配 {share} 面积）</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>读取失败</translation>
    </message>
</context>
<context>
    <name>LayersDock</name>
    <message>
        <source>Layers and fields</source>
        <translation>图层与字段</translation>
    </message>
    <message>
        <source>Guess again</source>
        <translation>重新识别</translation>
    </message>
    <message>
        <source>Read all layers anew; what you chose stays</source>
        <translation>重新读取全部图层；手工选择保留</translation>
    </message>
    <message>
        <source>{layers} layers, {roles} with a role</source>
        <translation>共 {layers} 个图层，{roles} 个已定角色</translation>
    </message>
    <message>
        <source>, {count} to be put right</source>
        <translation>，{count} 个须改正</translation>
    </message>
    <message>
        <source>, {count} to be looked at</source>
        <translation>，{count} 个待核对</translation>
    </message>
    <message>
        <source>Add the layers of the plan to the project to start.</source>
        <translation>请先把规划所用图层加入工程。</translation>
    </message>
    <message>
        <source>Cannot be opened, see to their path: {layers}</source>
        <translation>无法打开，请检查文件路径：{layers}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>LayersModel</name>
    <message>
        <source>{layer}: coordinate system set to {crs}; the data are unchanged</source>
        <translation>{layer}：坐标系已设为 {crs}，数据未改动</translation>
    </message>
    <message>
        <source>Fault of the program: {what}</source>
        <translation>程序故障：{what}</translation>
    </message>
</context>
<context>
    <name>LayersTable</name>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>可信度</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Classification</source>
        <translation>地类体系</translation>
    </message>
    <message>
        <source>CRS</source>
        <translation>坐标系</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>时点</translation>
    </message>
    <message>
        <source>(not used)</source>
        <translation>（不使用）</translation>
    </message>
    <message>
        <source>Chosen by you</source>
        <translation>已手工指定</translation>
    </message>
    <message>
        <source>Fits no role, or another layer fits its role better</source>
        <translation>不符合任何角色，或另有图层更符合</translation>
    </message>
    <message>
        <source>Guessed as {role}, {share} sure; correct it in the list</source>
        <translation>识别为{role}，可信度 {share}；有误请在列表中改选</translation>
    </message>
    <message>
        <source>{found} of {all} fields of the role are known</source>
        <translation>标准字段 {all} 个，已对应 {found} 个</translation>
    </message>
    <message>
        <source>being detected…</source>
        <translation>识别中…</translation>
    </message>
    <message>
        <source>two fit: choose</source>
        <translation>两种相近，请选择</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未识别</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>{crs} wrong?</source>
        <translation>{crs} 有误？</translation>
    </message>
    <message>
        <source>garbled</source>
        <translation>乱码</translation>
    </message>
    <message>
        <source>More than a year from the other layers ({year})</source>
        <translation>与其他图层（{year}年）相差一年以上</translation>
    </message>
</context>
<context>
    <name>LiveBalance</name>
    <message>
        <source>Overlaying parcels</source>
        <translation>套合分析</translation>
    </message>
    <message>
        <source>Fault of the program: {what}</source>
        <translation>程序故障：{what}</translation>
    </message>
</context>
<context>
    <name>MapSheets</name>
    <message>
        <source>Map sheets</source>
        <translation>图件</translation>
    </message>
    <message>
        <source>Draws the map sheets of a plan database, ready to be handed in.</source>
        <translation>由规划数据库绘制可直接上报的图件。</translation>
    </message>
    <message>
        <source>Draws finished sheets with title, neat lines, legend, scale, coordinate note and balance table from a plan database. This version draws the layout of reclaim and new-build plots (numbers 9 and 10 of the set, on one sheet); what is not drawn is listed with the reason. The internal edition has coordinates and says where it lies; the public edition does neither.</source>
        <translation>由规划数据库绘制带图名、图廓、图例、比例尺、坐标系说明和平衡表的成图。本版绘制拆旧建新布局图（图件目录第 9、10 号，合为一幅）；未绘制的图件列出原因。内部版带坐标；公示版不带任何坐标信息。</translation>
    </message>
    <message>
        <source>Plan database</source>
        <translation>规划数据库</translation>
    </message>
    <message>
        <source>GeoPackage written by the township plan.</source>
        <translation>“乡镇规划一键编制”生成的 GeoPackage 文件。</translation>
    </message>
    <message>
        <source>Sheets</source>
        <translation>图号</translation>
    </message>
    <message>
        <source>Numbers of the sheets in the set, separated by commas, or all.</source>
        <translation>图件目录中的图号，用逗号分隔；all 表示全部。</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>图幅</translation>
    </message>
    <message>
        <source>Size of the paper, landscape: a3, a1 or a0.</source>
        <translation>图幅大小（横向）：a3、a1 或 a0。</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>图件文件夹</translation>
    </message>
    <message>
        <source>Gets the files; a file of the same name is replaced.</source>
        <translation>图件存放的文件夹；同名文件将被替换。</translation>
    </message>
    <message>
        <source>Sheets left out</source>
        <translation>未绘制的图件</translation>
    </message>
    <message>
        <source>Number and reason of every sheet that was asked for and not drawn.</source>
        <translation>要求绘制而未绘制的图件的图号和原因。</translation>
    </message>
    <message>
        <source>Sheets drawn</source>
        <translation>绘制图件数</translation>
    </message>
    <message>
        <source>Number of sheets, whatever their formats.</source>
        <translation>绘制的图件幅数，与格式多少无关。</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>One or more of pdf (vector, fonts embedded), png and jpg (300 dpi).</source>
        <translation>可选一种或多种：pdf（矢量，嵌入字体）、png、jpg（300 dpi）。</translation>
    </message>
    <message>
        <source>Edition</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>internal: with coordinates, security grade and number to be filled in, and a world file beside images; public: without coordinates of any kind.</source>
        <translation>internal 为内部版：带坐标，留密级和编号，图片附坐标文件；public 为公示版：不带任何坐标信息。</translation>
    </message>
    <message>
        <source>Scale 1:</source>
        <translation>比例尺 1:</translation>
    </message>
    <message>
        <source>Denominator; left out: the largest round scale at which the township fits.</source>
        <translation>比例尺分母；不填则取图幅内放得下全乡镇的最大整数比例尺。</translation>
    </message>
    <message>
        <source>Class colours</source>
        <translation>地类配色</translation>
    </message>
    <message>
        <source>plan: colours of the 2006–2020 plans; survey: of the third survey; territorial: from 2021.</source>
        <translation>plan：2006—2020 年规划配色；survey：三调配色；territorial：2021 年起国土空间规划配色。</translation>
    </message>
    <message>
        <source>Compiled by</source>
        <translation>编制单位</translation>
    </message>
    <message>
        <source>Printed as the compiling unit; left out: the township&apos;s government.</source>
        <translation>图上的编制单位；不填则为乡镇人民政府。</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>编制日期</translation>
    </message>
    <message>
        <source>Printed as the date of compilation; left out: today.</source>
        <translation>图上的编制日期；不填则为今天。</translation>
    </message>
    <message>
        <source>Data as of</source>
        <translation>数据时点</translation>
    </message>
    <message>
        <source>Printed as the day the data speak of; left out: the end of the survey year of the parcels.</source>
        <translation>图上的数据时点；不填则为地类图斑调查年份的年末。</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What makes this scenario different (optional)</source>
        <translation>这个方案有何不同（可不填）</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>Accept all of this rule…</source>
        <translation>全部接受该规则…</translation>
    </message>
    <message>
        <source>Back to the errors</source>
        <translation>返回问题列表</translation>
    </message>
    <message>
        <source>Notes on statutory data: {left} in {rules} rules</source>
        <translation>数据备注：{left} 条，涉及 {rules} 条规则（法定数据，不作修改）</translation>
    </message>
</context>
<context>
    <name>PairDialog</name>
    <message>
        <source>Weights of the indicators (AHP)</source>
        <translation>指标权重（层次分析法 AHP）</translation>
    </message>
    <message>
        <source>Each cell of the upper half says how many times as important the indicator of its row is as that of its column: 1 equally, 3 slightly, 5 clearly, 7 strongly, 9 absolutely; 1/3 … 1/9 the other way round.</source>
        <translation>上半部分每格表示本行指标与本列指标相比的重要程度：1 同样重要，3 稍重要，5 明显重要，7 强烈重要，9 极端重要；1/3 … 1/9 则相反。点击单元格选择，下半部分自动取倒数。</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>读取…</translation>
    </message>
    <message>
        <source>Load comparisons from a CSV table</source>
        <translation>从 CSV 表读取两两比较</translation>
    </message>
    <message>
        <source>All equal</source>
        <translation>全部同等</translation>
    </message>
    <message>
        <source>Take back all comparisons</source>
        <translation>清除全部比较</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save as a CSV table, to be given as weights to the reclamation potential</source>
        <translation>保存为 CSV 表，供“复垦潜力评价”作权重表使用</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>已保存：{path}</translation>
    </message>
    <message>
        <source>Tick at least two indicators</source>
        <translation>请至少勾选两个指标</translation>
    </message>
    <message>
        <source>Tick at least two indicators.</source>
        <translation>请至少勾选两个指标。</translation>
    </message>
    <message>
        <source>Consistent: CR = {ratio} &lt; {limit}</source>
        <translation>一致性检验通过：CR = {ratio} &lt; {limit}</translation>
    </message>
    <message>
        <source>Not consistent: CR = {ratio} ≥ {limit}. What disagrees most: “{first}” against “{second}” is {value}, the other comparisons say {fits}. &lt;a href=&quot;odd&quot;&gt;Go there&lt;/a&gt;</source>
        <translation>一致性检验未通过：CR = {ratio} ≥ {limit}。最矛盾的一格：“{first}”比“{second}”填的是 {value}，按其他比较应约为 {fits}。&lt;a href=&quot;odd&quot;&gt;转到该格&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Cannot be saved before it is consistent</source>
        <translation>一致性检验通过后才能保存</translation>
    </message>
    <message>
        <source>Load comparisons</source>
        <translation>读取两两比较</translation>
    </message>
    <message>
        <source>weights.csv</source>
        <translation>指标权重.csv</translation>
    </message>
    <message>
        <source>Save comparisons</source>
        <translation>保存两两比较</translation>
    </message>
</context>
<context>
    <name>PairModel</name>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>“{one}” and “{other}” are equally important</source>
        <translation>“{one}”与“{other}”同样重要</translation>
    </message>
    <message>
        <source>“{one}” is {times} times as important as “{other}”</source>
        <translation>“{one}”的重要程度是“{other}”的 {times} 倍</translation>
    </message>
</context>
<context>
    <name>Parameters</name>
    <message>
        <source>Area method</source>
        <translation>面积计算方法</translation>
    </message>
    <message>
        <source>0: official strip formula of the land survey on the layer&apos;s ellipsoid; 1: geodesic area; 2: planar area in the projection. Reported figures use 0.</source>
        <translation>0：国土调查法定椭球面积公式（采用图层坐标系的椭球）；1：大地线面积；2：投影平面面积。上报数据用 0。</translation>
    </message>
    <message>
        <source>Official ellipsoidal area</source>
        <translation>法定椭球面积</translation>
    </message>
    <message>
        <source>Geodesic area</source>
        <translation>大地线面积</translation>
    </message>
    <message>
        <source>Planar area</source>
        <translation>投影平面面积</translation>
    </message>
    <message>
        <source>Policy profile</source>
        <translation>政策规则包</translation>
    </message>
    <message>
        <source>Id of a policy profile (suzhou-2014, territorial-2021) or the path of your own profile file.</source>
        <translation>政策规则包的编号（suzhou-2014、territorial-2021），或自备规则包文件的路径。</translation>
    </message>
    <message>
        <source>Geometry issues</source>
        <translation>图形问题清单</translation>
    </message>
    <message>
        <source>Every polygon that was made valid or left out, with layer, feature id, reason and areas.</source>
        <translation>逐个列出被修复或剔除的面：图层、要素编号、原因及前后面积。</translation>
    </message>
    <message>
        <source>Polygons repaired</source>
        <translation>修复面数</translation>
    </message>
    <message>
        <source>Number of invalid polygons that were made valid.</source>
        <translation>被修复的无效面个数。</translation>
    </message>
    <message>
        <source>Features left out</source>
        <translation>剔除要素数</translation>
    </message>
    <message>
        <source>Number of features without a usable polygon: no geometry, no area, or not finite.</source>
        <translation>没有可用面的要素个数：无图形、无面积或坐标无效。</translation>
    </message>
    <message>
        <source>Transformation parameters</source>
        <translation>坐标转换参数</translation>
    </message>
    <message>
        <source>File (YAML) with your own 4 or 7 parameters and the datums they lead from and to, for layers on another datum (such as Xi&apos;an 80). Left out: layers on another datum are refused, unless an operation is set in the project.</source>
        <translation>自备的四参数或七参数文件（YAML），写明由哪个坐标系转到哪个坐标系，用于其他坐标系（如西安80）的图层。不填时，除非工程中已设定转换方法，其他坐标系的图层不予接受。</translation>
    </message>
    <message>
        <source>Land classification</source>
        <translation>地类分类标准</translation>
    </message>
    <message>
        <source>Id of the classification (third_survey, second_survey, gbt21010_2017, land_plan, land_sea_2023 …) or the path of a code table of your own (CSV). Left out: detected from codes and names.</source>
        <translation>分类标准的标识：third_survey（三调）、second_survey（二调）、gbt21010_2017（国标 2017）、land_plan（土地规划分类）、land_sea_2023（用地用海分类）等，或自备编码表（CSV）的路径。不填则按编码和名称自动识别。</translation>
    </message>
</context>
<context>
    <name>PlanAlgorithm</name>
    <message>
        <source>Data and areas</source>
        <translation>数据与面积</translation>
    </message>
    <message>
        <source>Overlay and checks</source>
        <translation>套合分析与质检</translation>
    </message>
    <message>
        <source>Plan and balance</source>
        <translation>规划与平衡</translation>
    </message>
    <message>
        <source>Sheets and documents</source>
        <translation>图件与文本</translation>
    </message>
    <message>
        <source>Quota ledger</source>
        <translation>指标台账</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Potential and allocation</source>
        <translation>潜力与布局优化</translation>
    </message>
</context>
<context>
    <name>PlanBalance</name>
    <message>
        <source>Balance of a plan</source>
        <translation>规划方案指标平衡</translation>
    </message>
    <message>
        <source>Accounts of construction land, cultivated land, quality, lines and time, with verdicts.</source>
        <translation>给出建设用地、耕地、质量、管控线、时序各平衡表及结论。</translation>
    </message>
    <message>
        <source>Overlays reclaim and new-build plots with parcels and lines and holds the plan against a policy profile. Only construction land of the base state counts as reclaimed; new-build counts against the state at its date; new cultivated land is what is added to what was there. A rule whose data is missing is unknown, never passed. Each verdict shows both sides, the margin, its legal basis and whether that basis is verified.</source>
        <translation>将拆旧地块、建新地块与地类图斑和管控线套合分析，按政策规则包逐条判定。只有规划基数中的建设用地才计为复垦；建新按用地时的现状计；新增耕地只计比原有耕地多出的部分。缺数据的规则结论为“缺数据”，不会判为符合。每条结论列出两侧数值、富余或尚缺、政策依据及其核实状态。</translation>
    </message>
    <message>
        <source>Quality grade field</source>
        <translation>耕地等别字段</translation>
    </message>
    <message>
        <source>Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name.</source>
        <translation>耕地利用等别（1 等最好）；不填则取 GDDB 等标准字段名。</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>平衡表</translation>
    </message>
    <message>
        <source>One row an account line and unit.</source>
        <translation>每个科目、每个单位一行。</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>One row a rule: pass, fail, warn or unknown.</source>
        <translation>每条规则一行：pass 符合、fail 不符合、warn 提示、unknown 缺数据。</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>依据图斑</translation>
    </message>
    <message>
        <source>Plots and parcels behind each verdict.</source>
        <translation>每条结论所依据的地块和地类图斑。</translation>
    </message>
    <message>
        <source>Candidates to close gaps</source>
        <translation>用于补足缺口的备选地块</translation>
    </message>
    <message>
        <source>Further reclaim plots; for every verdict that falls short CLOSING names the best of them.</source>
        <translation>尚未列入方案、可供拆旧的地块；对每条尚缺的结论，CLOSING 从中列出最合适的地块。</translation>
    </message>
    <message>
        <source>Candidates that close a gap</source>
        <translation>可补足缺口的备选地块</translation>
    </message>
    <message>
        <source>For each verdict that falls short up to three offers: plots, what they add, what is left over.</source>
        <translation>每条尚缺的结论最多三种补法：所用地块、可增加的数量、补足后的富余。</translation>
    </message>
</context>
<context>
    <name>PlanDatabaseAlgorithm</name>
    <message>
        <source>Plan database</source>
        <translation>规划数据库</translation>
    </message>
    <message>
        <source>Gathers the layers of a plan into one GeoPackage with symbols, forms and relations.</source>
        <translation>将规划的全部图层汇总到一个 GeoPackage，附符号、属性表单和图层关联。</translation>
    </message>
    <message>
        <source>Every layer goes into the plan database under the name of its role and in the coordinate system of the parcels. Surveys and lines stay as they are. Plan layers (reclaim, new-build, natural villages, targets) get every field of their role, plots without a number get one, and known words become tokens; what was done is said in the log. Symbols, attribute forms with lists and limits, and the relations between layers are saved in the file. With NAMES=standard layers and fields have the names of the database standard.</source>
        <translation>各图层以角色命名写入规划数据库，统一到地类图斑的坐标系。调查数据和控制线保持原样。规划图层（拆旧地块、建新地块、自然村、下达指标）补齐该角色的全部字段，为没有编号的地块编号，认得的用词换成规范代码；所做处理写入日志。符号、带选项和限值的属性表单以及图层关联一并存入文件。NAMES 选 standard 时，图层和字段采用数据库标准的名称。</translation>
    </message>
    <message>
        <source>Layer of the plan; any layer may be left out.</source>
        <translation>规划所用图层，没有的可以不填。</translation>
    </message>
    <message>
        <source>Layer or table of the plan; any may be left out.</source>
        <translation>规划所用图层或表，没有的可以不填。</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>命名方式</translation>
    </message>
    <message>
        <source>own: names of roles and fields; standard: names of the database standard.</source>
        <translation>own：角色和字段的规范名称；standard：数据库标准的名称。</translation>
    </message>
    <message>
        <source>GeoPackage to write.</source>
        <translation>要生成的 GeoPackage 文件。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层数</translation>
    </message>
    <message>
        <source>Layers and tables written.</source>
        <translation>写出的图层和表的个数。</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>要素数</translation>
    </message>
    <message>
        <source>Features of all layers; as many as were read.</source>
        <translation>全部图层的要素个数，与读入的一致。</translation>
    </message>
</context>
<context>
    <name>PlanDifferenceAlgorithm</name>
    <message>
        <source>Differences between plans</source>
        <translation>四规融合差异分析</translation>
    </message>
    <message>
        <source>Compares two to four plans in size, layout and timing, in common categories of use (T15).</source>
        <translation>按统一用途类别比对二至四个规划的规模、布局和时序（T15）。</translation>
    </message>
    <message>
        <source>Plans of different classifications are brought to common categories; a code without one clear category is to be refined and counted, never guessed. Size: totals by category and village, and whether another plan has more construction land than the land plan. Layout: polygons where the plans differ. Timing: land both plans build on in different years; a missing year is unknown. The matrix of each pair adds up to both plans. Differences under the minimum mapping area go to the neighbouring difference or stand apart as slivers; only the drawing changes, no total.</source>
        <translation>不同分类的规划先归入统一类别；没有唯一对应类别的编码列为待细化并计数，不作猜测。规模：分类别、分行政村汇总，并判断其他规划的建设用地是否超过土地利用总体规划。布局：各规划不一致的图斑。时序：两个规划均安排建设而年份不同的土地；缺年份的按缺数据计。两两规划的对照矩阵分别与两个规划的面积闭合。小于最小上图面积的差异并入相邻差异图斑，或单列为狭长碎面；只影响图形，不影响任何合计。</translation>
    </message>
    <message>
        <source>Land-use plan</source>
        <translation>土地利用总体规划</translation>
    </message>
    <message>
        <source>Polygons of the land-use plan; all other layers are brought to its coordinate system.</source>
        <translation>土地利用总体规划图斑；其他图层转换到它的坐标系。</translation>
    </message>
    <message>
        <source>Town plan</source>
        <translation>城乡规划</translation>
    </message>
    <message>
        <source>Polygons of the town (urban and rural) plan.</source>
        <translation>城镇（城乡）规划图斑。</translation>
    </message>
    <message>
        <source>Ecological plan</source>
        <translation>生态保护规划</translation>
    </message>
    <message>
        <source>Land classes, or zones where building is forbidden or restricted; without either: forbidden.</source>
        <translation>地类，或禁止、限制建设的分区；两者都没有时，全部按禁止建设区计。</translation>
    </message>
    <message>
        <source>Development plan</source>
        <translation>发展规划</translation>
    </message>
    <message>
        <source>Land classes, or areas planned for building; without either all of it is planned for building.</source>
        <translation>地类，或规划建设范围；两者都没有时，全部按规划建设用地计。</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Villages for sub-totals.</source>
        <translation>带代码的行政村范围，用于分村汇总。</translation>
    </message>
    <message>
        <source>Minimum mapping area (m²)</source>
        <translation>最小上图面积（平方米）</translation>
    </message>
    <message>
        <source>Smaller differences are slivers; 0 draws everything. Left out: that of the policy profile, by construction land and other land.</source>
        <translation>更小的差异图斑作狭长碎面处理；0 为全部上图。不填则按政策规则包，分建设用地和其他用地取值。</translation>
    </message>
    <message>
        <source>Class field of the land-use plan</source>
        <translation>土地利用总体规划的地类字段</translation>
    </message>
    <message>
        <source>Class field of the town plan</source>
        <translation>城乡规划的地类字段</translation>
    </message>
    <message>
        <source>Class or zone field of the ecological plan</source>
        <translation>生态保护规划的地类或分区字段</translation>
    </message>
    <message>
        <source>Class or zone field of the development plan</source>
        <translation>发展规划的地类或分区字段</translation>
    </message>
    <message>
        <source>Code of the planned use; left out: GHDLDM, YDYHFLDM or another standard name.</source>
        <translation>规划用途编码；不填则取 GHDLDM、YDYHFLDM 等标准字段名。</translation>
    </message>
    <message>
        <source>Year field of the land-use plan</source>
        <translation>土地利用总体规划的年份字段</translation>
    </message>
    <message>
        <source>Year field of the town plan</source>
        <translation>城乡规划的年份字段</translation>
    </message>
    <message>
        <source>Year field of the ecological plan</source>
        <translation>生态保护规划的年份字段</translation>
    </message>
    <message>
        <source>Year field of the development plan</source>
        <translation>发展规划的年份字段</translation>
    </message>
    <message>
        <source>Planned year or date; left out: GHNF or another standard name, else unknown.</source>
        <translation>规划年份或日期；不填则取 GHNF 等标准字段名，没有则按缺数据计。</translation>
    </message>
    <message>
        <source>Classification of the land-use plan</source>
        <translation>土地利用总体规划的地类体系</translation>
    </message>
    <message>
        <source>Classification of the town plan</source>
        <translation>城乡规划的地类体系</translation>
    </message>
    <message>
        <source>Classification of the ecological plan</source>
        <translation>生态保护规划的地类体系</translation>
    </message>
    <message>
        <source>Classification of the development plan</source>
        <translation>发展规划的地类体系</translation>
    </message>
    <message>
        <source>Id of the classification (land_plan, land_sea_2023, gb50137_2011 …). Left out: detected.</source>
        <translation>地类体系的标识（land_plan、land_sea_2023、gb50137_2011 等）；不填则自动识别。</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>差异图斑</translation>
    </message>
    <message>
        <source>One row a difference with both plans&apos; classes, categories and years; size rows have no polygon.</source>
        <translation>每个差异一行，含两个规划的地类、统一类别和年份；规模差异没有图形。</translation>
    </message>
    <message>
        <source>Sizes and matrices</source>
        <translation>规模与矩阵</translation>
    </message>
    <message>
        <source>Sizes by category and village with verdict, matrices of every pair, layout and timing by kind.</source>
        <translation>分类别、分行政村的规模及结论，两两规划的对照矩阵，各类布局和时序差异。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>List of differences (T15), matrices and sizes, formatted for print.</source>
        <translation>规划差异图斑一览表（T15）、矩阵和规模表，可直接打印。</translation>
    </message>
    <message>
        <source>Compared area (m²)</source>
        <translation>比对面积（平方米）</translation>
    </message>
    <message>
        <source>Land of at least one plan, over all pairs.</source>
        <translation>至少一个规划覆盖的土地，各对比组合计。</translation>
    </message>
    <message>
        <source>Layout differences</source>
        <translation>布局差异图斑数</translation>
    </message>
    <message>
        <source>Polygons without slivers.</source>
        <translation>不含狭长碎面的图斑数。</translation>
    </message>
    <message>
        <source>Layout differences (m²)</source>
        <translation>布局差异面积（平方米）</translation>
    </message>
    <message>
        <source>Land where the plans contradict each other.</source>
        <translation>各规划相互矛盾的土地。</translation>
    </message>
    <message>
        <source>Covered by one plan (m²)</source>
        <translation>仅一方规划覆盖（平方米）</translation>
    </message>
    <message>
        <source>Land only one plan of a pair covers.</source>
        <translation>对比组中仅一个规划覆盖的土地。</translation>
    </message>
    <message>
        <source>To be refined (m²)</source>
        <translation>待细化面积（平方米）</translation>
    </message>
    <message>
        <source>Land whose classes could not be compared.</source>
        <translation>地类无法比对的土地。</translation>
    </message>
    <message>
        <source>Timing differences (m²)</source>
        <translation>时序差异面积（平方米）</translation>
    </message>
    <message>
        <source>Land both plans build on in other years.</source>
        <translation>两个规划均安排建设而年份不同的土地。</translation>
    </message>
    <message>
        <source>Year unknown (m²)</source>
        <translation>缺年份面积（平方米）</translation>
    </message>
    <message>
        <source>Land both plans build on, a year missing.</source>
        <translation>两个规划均安排建设但缺规划年份的土地。</translation>
    </message>
    <message>
        <source>Slivers</source>
        <translation>狭长碎面数</translation>
    </message>
    <message>
        <source>Differences too small to be mapped that stand apart.</source>
        <translation>小于最小上图面积或过窄、单列的差异图斑个数。</translation>
    </message>
    <message>
        <source>Slivers (m²)</source>
        <translation>狭长碎面面积（平方米）</translation>
    </message>
    <message>
        <source>Area of all slivers that stand apart.</source>
        <translation>单列的狭长碎面面积合计。</translation>
    </message>
    <message>
        <source>Slivers merged</source>
        <translation>并入的狭长碎面数</translation>
    </message>
    <message>
        <source>Slivers that went to the neighbouring difference.</source>
        <translation>并入相邻差异图斑的狭长碎面个数。</translation>
    </message>
    <message>
        <source>Polygons to be refined</source>
        <translation>待细化图斑数</translation>
    </message>
    <message>
        <source>Polygons whose code is unknown or has no one clear category.</source>
        <translation>编码不明或没有唯一对应的统一类别的图斑个数。</translation>
    </message>
    <message>
        <source>Overlap (m²)</source>
        <translation>重叠面积（平方米）</translation>
    </message>
    <message>
        <source>Area that polygons of one plan share; counted once.</source>
        <translation>同一规划内图斑重叠的面积，只计一次。</translation>
    </message>
    <message>
        <source>Closure (m²)</source>
        <translation>面积闭合差（平方米）</translation>
    </message>
    <message>
        <source>Largest difference between a plan&apos;s rounded polygons and its pieces.</source>
        <translation>各规划图斑面积之和与套合图斑（碎部）面积之和的最大差值。</translation>
    </message>
    <message>
        <source>Plans above the land plan</source>
        <translation>规模超过土规的规划数</translation>
    </message>
    <message>
        <source>Plans with more construction land.</source>
        <translation>建设用地规模超过土地利用总体规划的规划数。</translation>
    </message>
    <message>
        <source>Size verdict unknown</source>
        <translation>规模结论缺数据的规划数</translation>
    </message>
    <message>
        <source>Plans for which it cannot be told.</source>
        <translation>建设用地规模是否超过土地利用总体规划无法判断的规划数。</translation>
    </message>
</context>
<context>
    <name>PlanTables</name>
    <message>
        <source>Tables of a plan</source>
        <translation>规划附表</translation>
    </message>
    <message>
        <source>The official tables of a plan (T1–T28) in one workbook, as far as the inputs go.</source>
        <translation>按已有资料生成规划附表（T1—T28），合为一个工作簿。</translation>
    </message>
    <message>
        <source>Prints every official table that the layers given allow, with live sums, and says of each of the others what it needs or which algorithm makes it. Beside the plan it takes zones of construction control or land use (T11; also a development boundary with zone names), key projects (T12), stock land and enterprises (T24), opinions (T26) and population (T22). A plot has the same figure in every table; what is not known stays empty.</source>
        <translation>按所给图层生成资料齐备的各张附表（合计为公式），并说明其余各表缺什么资料或由哪个算法生成。除规划方案外，还可给出建设用地管制区或土地用途区（T11；有分区名称的城镇开发边界也可）、重点建设项目表（T12）、存量建设用地和企业用地（T24）、意见登记表（T26）、人口与户数表（T22）。同一地块在各表中的面积相同；缺数据处留空。</translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation>地类图斑</translation>
    </message>
    <message>
        <source>Land-use parcels of the survey (DLTB).</source>
        <translation>国土调查的地类图斑（DLTB）。</translation>
    </message>
    <message>
        <source>Township</source>
        <translation>乡镇（街道）</translation>
    </message>
    <message>
        <source>Its name stands in the headings.</source>
        <translation>乡镇（街道）范围，其名称用于表头。</translation>
    </message>
    <message>
        <source>Tables made</source>
        <translation>已生成的表</translation>
    </message>
    <message>
        <source>One row a table: rows, made 0/1, and why it is not.</source>
        <translation>每张表一行：行数、是否生成（1/0）、未生成的原因。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>One sheet a table.</source>
        <translation>每张表一个工作表。</translation>
    </message>
    <message>
        <source>Number of tables in the workbook.</source>
        <translation>工作簿中的表数。</translation>
    </message>
    <message>
        <source>Construction control zones</source>
        <translation>建设用地管制区</translation>
    </message>
    <message>
        <source>Zones with a code (GZQLXDM: 010 allowed, 020 conditional, 030 restricted, 040 forbidden).</source>
        <translation>带类型代码的管制区（GZQLXDM：010 允许、020 有条件、030 限制、040 禁止建设）。</translation>
    </message>
    <message>
        <source>Land use zones</source>
        <translation>土地用途区</translation>
    </message>
    <message>
        <source>Land use zones with a code (TDYTQLXDM).</source>
        <translation>带类型代码的土地用途区（TDYTQLXDM）。</translation>
    </message>
    <message>
        <source>Key projects</source>
        <translation>重点建设项目表</translation>
    </message>
    <message>
        <source>Project, kind, years, investment; plots named in a row give its areas.</source>
        <translation>重点建设项目表：项目、类型、年限、投资；注明地块编号的，用地面积取自地块。</translation>
    </message>
    <message>
        <source>Stock construction land</source>
        <translation>存量建设用地</translation>
    </message>
    <message>
        <source>Layer or table of idle, vacant, unsupplied, unused and low-efficient land.</source>
        <translation>闲置、空闲、批而未供、供而未用、低效用地的图层或表。</translation>
    </message>
    <message>
        <source>Enterprise land</source>
        <translation>企业用地</translation>
    </message>
    <message>
        <source>Enterprises below the limits of the policy profile are listed as low-efficient land.</source>
        <translation>企业用地；低于政策规则包所定下限的，列为低效用地。</translation>
    </message>
    <message>
        <source>Opinions</source>
        <translation>意见登记表</translation>
    </message>
    <message>
        <source>Opinion, from whom, adopted or not, reply.</source>
        <translation>意见内容、来源、采纳情况、处理说明。</translation>
    </message>
    <message>
        <source>Population</source>
        <translation>人口与户数</translation>
    </message>
    <message>
        <source>Households and population of natural villages.</source>
        <translation>各自然村的户数和人口。</translation>
    </message>
</context>
<context>
    <name>PlotReportAlgorithm</name>
    <message>
        <source>Plot report: land classes and lines</source>
        <translation>地块现状与三线占用分析</translation>
    </message>
    <message>
        <source>Present land classes of any polygons (T19) and the lines they touch (T20).</source>
        <translation>任意地块的现状地类面积统计（T19）和三线占用情况（T20）。</translation>
    </message>
    <message>
        <source>Takes any polygons, as drawn or from CAD, and tells what each lies on: area by land class, of which cultivated land, paddy and permanent basic farmland, and area inside each line. Plots that overlap are each reported in full. What lies on no parcel is said and not counted.</source>
        <translation>对任意多边形（手绘或来自 CAD）统计其占用现状：分地类面积，其中耕地、水田、永久基本农田面积，以及落在各管控线内的面积。相互重叠的地块各自按全部面积统计；落在地类图斑之外的部分只提示、不计入。</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>地块</translation>
    </message>
    <message>
        <source>Any polygons; a field plot_id names them, else the id.</source>
        <translation>任意多边形；有 plot_id（地块编号）字段则取其值，否则取要素编号。</translation>
    </message>
    <message>
        <source>Further layers</source>
        <translation>其他叠加图层</translation>
    </message>
    <message>
        <source>Any further layers, reported as other1, other2 …</source>
        <translation>任意多个其他叠加图层，结果中依次记为 other1、other2……</translation>
    </message>
    <message>
        <source>Land classes of plots (T19)</source>
        <translation>地块现状地类面积统计表（T19）</translation>
    </message>
    <message>
        <source>One row a plot and land class.</source>
        <translation>每个地块、每个地类一行。</translation>
    </message>
    <message>
        <source>Lines of plots (T20)</source>
        <translation>三线占用情况表（T20）</translation>
    </message>
    <message>
        <source>One row a plot and line, with share.</source>
        <translation>每个地块、每条管控线一行，含占地块比例。</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题与提示</translation>
    </message>
    <message>
        <source>What to look at, with severity and advice.</source>
        <translation>需要查看的问题，含级别和处理建议。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>Both tables formatted for print.</source>
        <translation>两张表排成可打印的工作簿。</translation>
    </message>
    <message>
        <source>Total area (m²)</source>
        <translation>总面积（平方米）</translation>
    </message>
    <message>
        <source>Area of all plots on parcels.</source>
        <translation>全部地块落在地类图斑上的面积。</translation>
    </message>
    <message>
        <source>Outside parcels (m²)</source>
        <translation>图斑之外面积（平方米）</translation>
    </message>
    <message>
        <source>Area of plots that lies on no parcel.</source>
        <translation>地块中不落在任何地类图斑上的面积。</translation>
    </message>
    <message>
        <source>Plot overlap (m²)</source>
        <translation>地块重叠面积（平方米）</translation>
    </message>
    <message>
        <source>Area that plots share.</source>
        <translation>地块之间相互重叠的面积。</translation>
    </message>
</context>
<context>
    <name>ProjectScenarios</name>
    <message>
        <source>Scenario {number}</source>
        <translation>方案 {number}</translation>
    </message>
    <message>
        <source>Copied: {name}</source>
        <translation>已复制：{name}</translation>
    </message>
    <message>
        <source>Renamed: {name}</source>
        <translation>已改名：{name}</translation>
    </message>
    <message>
        <source>In the trash: {names}</source>
        <translation>已移到回收站：{names}</translation>
    </message>
    <message>
        <source>There is no trash here; kept in the folder with another ending: {names}</source>
        <translation>此处没有回收站，文件已改后缀留在文件夹中：{names}</translation>
    </message>
    <message>
        <source>{count} scenarios copied beside the project</source>
        <translation>已把 {count} 个方案复制到项目旁</translation>
    </message>
</context>
<context>
    <name>ProposeForm</name>
    <message>
        <source>Plots that may be built on, whole</source>
        <translation>可供建新的地块，整块取舍</translation>
    </message>
    <message>
        <source>How much land each use needs, by year</source>
        <translation>各类用途分年需要多少用地</translation>
    </message>
    <message>
        <source>Years in which plots are reclaimed and built on</source>
        <translation>实施拆旧和建新的年度</translation>
    </message>
    <message>
        <source>Years</source>
        <translation>实施年度</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>优化目标</translation>
    </message>
    <message>
        <source>Natural villages as a whole</source>
        <translation>自然村整村拆旧</translation>
    </message>
    <message>
        <source>All candidates of a natural village are reclaimed together, or none of them</source>
        <translation>同一自然村的备选地块要么全部拆旧，要么都不拆</translation>
    </message>
    <message>
        <source>Plots that may be reclaimed, as the reclamation potential gives them</source>
        <translation>可供拆旧的地块，如“复垦潜力评价”的输出</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The search ends when no plan can be better by more than this</source>
        <translation>与最优解的差距不超过此值即停止</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>The search ends after this time with the best plan found by then</source>
        <translation>到时即停止，保留已找到的最好方案</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>最长</translation>
    </message>
    <message>
        <source>Gap to the best</source>
        <translation>与最优解差距</translation>
    </message>
    <message>
        <source>Choose the layer of sites for building.</source>
        <translation>请选择备选建新地块图层。</translation>
    </message>
    <message>
        <source>Give the years of the plan, e.g. 2016, 2018, 2020.</source>
        <translation>请填写实施年度，如 2016, 2018, 2020。</translation>
    </message>
    <message>
        <source>Give at least one objective a weight.</source>
        <translation>请至少给一个目标赋权。</translation>
    </message>
    <message>
        <source>Reclaim candidates</source>
        <translation>备选拆旧地块</translation>
    </message>
    <message>
        <source>Building sites</source>
        <translation>备选建新地块</translation>
    </message>
    <message>
        <source>Choose the layer of candidates for reclamation; the tool “Reclamation potential” makes one.</source>
        <translation>请选择备选拆旧地块图层；可用“复垦潜力评价”工具生成。</translation>
    </message>
</context>
<context>
    <name>ProposePage</name>
    <message>
        <source>Scenarios</source>
        <translation>规划方案</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>开始寻找</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>停止并保留最好方案</translation>
    </message>
    <message>
        <source>End the search now; the best plan found so far is kept as a scenario</source>
        <translation>立即停止，把目前找到的最好方案存为规划方案</translation>
    </message>
    <message>
        <source>Load into layers</source>
        <translation>调入图层</translation>
    </message>
    <message>
        <source>Overlaying parcels and plots</source>
        <translation>正在套合图斑与备选地块</translation>
    </message>
    <message>
        <source>Searching for a better plan</source>
        <translation>正在寻找更好的方案</translation>
    </message>
    <message>
        <source>%v of at most %m s</source>
        <translation>%v 秒，最长 %m 秒</translation>
    </message>
    <message>
        <source>Best found {value}, no plan above {bound}, gap {gap}</source>
        <translation>目前最好 {value}，任何方案不会高于 {bound}，与最优解差距 {gap}</translation>
    </message>
    <message>
        <source>Best found {value}, no plan below {bound}, gap {gap}</source>
        <translation>目前最好 {value}，任何方案不会低于 {bound}，与最优解差距 {gap}</translation>
    </message>
    <message>
        <source>Only warned of, and given up so that there is a plan:</source>
        <translation>为得到方案而放宽的提示性要求：</translation>
    </message>
    <message>
        <source>What cannot be kept, and by how much:</source>
        <translation>下列要求无法满足，及其缺口：</translation>
    </message>
    <message>
        <source>&lt;b&gt;Propose a plan&lt;/b&gt;</source>
        <translation>&lt;b&gt;生成方案&lt;/b&gt;</translation>
    </message>
    <message>
        <source>Gap {gap}</source>
        <translation>与最优解差距 {gap}</translation>
    </message>
    <message>
        <source>Change the form and search again</source>
        <translation>修改条件，重新寻找</translation>
    </message>
    <message>
        <source>Best found {value}</source>
        <translation>目前最好 {value}</translation>
    </message>
</context>
<context>
    <name>ProposeTables</name>
    <message>
        <source>Cannot be kept</source>
        <translation>无法满足</translation>
    </message>
    <message>
        <source>Lacking</source>
        <translation>缺口</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因与建议</translation>
    </message>
    <message>
        <source>{title}, by {year}</source>
        <translation>{title}（到 {year} 年）</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>Proposer</name>
    <message>
        <source>A layer of the form is no longer there: choose again.</source>
        <translation>所选图层已不在项目中，请重新选择。</translation>
    </message>
    <message>
        <source>A plan is proposed on the land parcels: the project has no such layer.</source>
        <translation>生成方案需要地类图斑图层，项目中没有。请先在“图层与字段”中指定。</translation>
    </message>
    <message>
        <source>Proposing a plan</source>
        <translation>生成规划方案</translation>
    </message>
    <message>
        <source>{name} ({objective}, gap {gap})</source>
        <translation>{name}（{objective}，差距 {gap}）</translation>
    </message>
    <message>
        <source>Stopping; the best plan found so far is balanced and saved</source>
        <translation>正在停止，对目前最好的方案作平衡并保存</translation>
    </message>
    <message>
        <source>Fault of the program: {what}</source>
        <translation>程序错误：{what}</translation>
    </message>
    <message>
        <source>Stopped before a plan was found.</source>
        <translation>已停止，尚未找到可行方案。</translation>
    </message>
    <message>
        <source>No plan can keep all rules (the figures cannot be balanced).</source>
        <translation>指标无法平衡：没有方案能同时满足全部要求</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>已存为 {name}</translation>
    </message>
    <message>
        <source>{reclaim} reclaim plots and {newbuild} new-build plots chosen</source>
        <translation>选用拆旧地块 {reclaim} 个、建新地块 {newbuild} 个</translation>
    </message>
    <message>
        <source>Stopped: this is the best plan found by then</source>
        <translation>已中途停止：这是停止前找到的最好方案</translation>
    </message>
    <message>
        <source>Time was up: another run may end with another plan</source>
        <translation>时间已到：再次运行可能得到另一方案</translation>
    </message>
    <message>
        <source>No plan is better by more than {gap}</source>
        <translation>与最优解差距不超过 {gap}</translation>
    </message>
    <message>
        <source>{objective}: {value}</source>
        <translation>{objective}：{value}</translation>
    </message>
    <message>
        <source>{name} ({objective}, best possible)</source>
        <translation>{name}（{objective}，最优）</translation>
    </message>
</context>
<context>
    <name>ReadyBox</name>
    <message>
        <source>Is the material complete? {ready} of {all} steps can be taken</source>
        <translation>资料齐了吗：{all} 个步骤中 {ready} 个可以开展</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>complete; better with {roles}</source>
        <translation>齐备；如有{roles}更好</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>齐备</translation>
    </message>
    <message>
        <source>{field} of {role}</source>
        <translation>{role}的{field}</translation>
    </message>
    <message>
        <source>{count} of: {roles}</source>
        <translation>以下资料中的 {count} 项：{roles}</translation>
    </message>
    <message>
        <source>lacks {what}</source>
        <translation>缺 {what}</translation>
    </message>
    <message>
        <source>first set the CRS of {roles}</source>
        <translation>须先设置坐标系：{roles}</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
</context>
<context>
    <name>ReclamationPotential</name>
    <message>
        <source>Reclamation potential</source>
        <translation>复垦潜力评价</translation>
    </message>
    <message>
        <source>Finds, scores and grades the construction land that could be reclaimed (T4).</source>
        <translation>找出可供复垦的建设用地，评分、分级，并分村汇总潜力（T4）。</translation>
    </message>
    <message>
        <source>Quality grade field</source>
        <translation>耕地等别字段</translation>
    </message>
    <message>
        <source>Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name.</source>
        <translation>耕地利用等别（1 等最好）；不填则取 GDDB 等标准字段名。</translation>
    </message>
    <message>
        <source>Urban development boundary</source>
        <translation>城镇开发边界</translation>
    </message>
    <message>
        <source>Area inside the development boundary; land in it is stock to be used again, not reclaimed.</source>
        <translation>城镇开发边界内的范围；边界内的建设用地属存量盘活，不作复垦。</translation>
    </message>
    <message>
        <source>Retained settlements</source>
        <translation>保留村庄</translation>
    </message>
    <message>
        <source>Settlements that stay; left out: those that natural villages or the population table keep.</source>
        <translation>规划保留的村庄；不填则按自然村图层或人口与户数表中注明保留的认定。</translation>
    </message>
    <message>
        <source>Natural villages</source>
        <translation>自然村（居民点）</translation>
    </message>
    <message>
        <source>Natural villages with a name; fields class, households and population are used where there.</source>
        <translation>带名称的自然村范围；有 class（村庄分类）、households（户数）、population（户籍人口）字段的，一并采用。</translation>
    </message>
    <message>
        <source>Permanent basic farmland</source>
        <translation>永久基本农田</translation>
    </message>
    <message>
        <source>Polygons of permanent basic farmland.</source>
        <translation>永久基本农田图斑。</translation>
    </message>
    <message>
        <source>Ecological redline</source>
        <translation>生态保护红线</translation>
    </message>
    <message>
        <source>Land in it may be reclaimed, but never counts as new cultivated land.</source>
        <translation>生态保护红线内的建设用地可以复垦，但不计新增耕地。</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>Lines or polygons; the corridor along them (policy profile) is left out. A field width (m) adds half of it on either side of a line.</source>
        <translation>线或面图层；道路两侧控制范围（宽度见政策规则包）内的用地不作备选。线图层有 width（路宽，米）字段的，每侧再加路宽的一半。</translation>
    </message>
    <message>
        <source>Population</source>
        <translation>人口与户数</translation>
    </message>
    <message>
        <source>Registered households and people by village or natural village: unit_code, settlement, households, population, idle_rate, class, retained, consent, signed, right_type.</source>
        <translation>分行政村或自然村的人口与户数表：行政村代码 unit_code、自然村 settlement、户数 households、户籍人口 population、空置率 idle_rate、村庄分类 class、是否保留 retained、同意率 consent、签约户数 signed、权源类型 right_type。</translation>
    </message>
    <message>
        <source>Heritage areas</source>
        <translation>历史文化保护范围</translation>
    </message>
    <message>
        <source>Protected villages and monuments; left out.</source>
        <translation>历史文化名村、传统村落和文物保护范围，不作备选。</translation>
    </message>
    <message>
        <source>Past projects</source>
        <translation>历史项目区</translation>
    </message>
    <message>
        <source>Areas of earlier reclamation or consolidation projects; not counted a second time.</source>
        <translation>以往复垦、土地整治等项目的范围；其中的用地不作备选，以免重复申报。</translation>
    </message>
    <message>
        <source>Enterprise land</source>
        <translation>企业用地</translation>
    </message>
    <message>
        <source>With invest_mu, tax_mu, tax (10 000 yuan) and far, for industrial candidates.</source>
        <translation>用于工矿备选地块：亩均投资 invest_mu、亩均税收 tax_mu、年纳税额 tax（均以万元计）和容积率 far。</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Village areas with a code; they give the village of parcels that state none.</source>
        <translation>带代码的行政村范围；地类图斑没有坐落代码时，按所在行政村取代码。</translation>
    </message>
    <message>
        <source>Weighing</source>
        <translation>赋权方法</translation>
    </message>
    <message>
        <source>ahp: weights as judged (table of weights, else the indicator list); entropy: by how much an indicator tells candidates apart; combined: both; topsis: judged weights, score by nearness to the best values.</source>
        <translation>ahp：层次分析法，主观权重（取权重表，没有则取指标清单）；entropy：熵权法，按指标对备选地块的区分程度；combined：以上两者组合；topsis：主观权重，按与最优值的接近程度计分。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Table with indicator and weight, or a square of comparisons in pairs: indicator and one column for each indicator. Comparisons that contradict each other (CR of 0.1 or more) are refused.</source>
        <translation>权重表（指标 indicator、权重 weight 两列），或两两比较表（indicator 列，另每个指标一列）。一致性检验未通过（CR 不小于 0.1）的两两比较不予接受。</translation>
    </message>
    <message>
        <source>Grading</source>
        <translation>分级方法</translation>
    </message>
    <message>
        <source>thresholds: of the policy profile; breaks: natural breaks; quantiles: classes of equal number.</source>
        <translation>thresholds：按政策规则包的阈值；breaks：自然断点法；quantiles：分位数法，各级个数相等。</translation>
    </message>
    <message>
        <source>Theoretical potential</source>
        <translation>理论潜力</translation>
    </message>
    <message>
        <source>mean of the methods whose data is there, or one of them: per_head and per_household (village land beyond the standard), idle_rate (idle share of village land), settlement_plan (all candidates).</source>
        <translation>mean：资料齐备的各种方法取平均；也可只用一种：per_head 人均用地标准法、per_household 户均用地标准法（村庄用地超出标准的部分），idle_rate 闲置率法（村庄用地中闲置的部分），settlement_plan 村镇布局规划法（全部备选地块）。</translation>
    </message>
    <message>
        <source>Consent asked for</source>
        <translation>村民同意要求</translation>
    </message>
    <message>
        <source>none; planning: two thirds of the village in favour; implementation: besides, every household has signed and the legal origin of the land is stated. What is unknown stays and is counted.</source>
        <translation>none：不作要求；planning：规划阶段，三分之二以上村民同意；implementation：实施阶段，还须每户均已签约、权源明确。情况不明的予以保留并计数。</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>备选地块</translation>
    </message>
    <message>
        <source>Candidates with their indicators, score (0–1) and grade (1 first), fields as reclaim plots.</source>
        <translation>备选地块及其各项指标、得分（0～1）和等级（1 级最优先），字段同拆旧地块。</translation>
    </message>
    <message>
        <source>Potential by village (T4)</source>
        <translation>农村建设用地复垦潜力分村汇总表（T4）</translation>
    </message>
    <message>
        <source>One row a village; the last row, with an empty unit_code, is the township.</source>
        <translation>每个行政村一行；最后一行为全乡镇合计，unit_code 为空。</translation>
    </message>
    <message>
        <source>Excluded land</source>
        <translation>排除的建设用地</translation>
    </message>
    <message>
        <source>Construction land that is no candidate, by reason and village.</source>
        <translation>不作备选地块的建设用地，按排除原因和行政村汇总。</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>敏感性分析</translation>
    </message>
    <message>
        <source>Share of candidates that change grade when a weight moves by a tenth up or down.</source>
        <translation>各权重增减十分之一时，等级发生变化的备选地块比例。</translation>
    </message>
    <message>
        <source>Weights used</source>
        <translation>采用的权重</translation>
    </message>
    <message>
        <source>Every indicator with its weight; NULL where its data is missing.</source>
        <translation>各指标及其权重；缺数据的指标权重为空值。</translation>
    </message>
    <message>
        <source>Theoretical potential (m²)</source>
        <translation>理论潜力（平方米）</translation>
    </message>
    <message>
        <source>Of all villages.</source>
        <translation>各行政村合计。</translation>
    </message>
    <message>
        <source>Realistic potential (m²)</source>
        <translation>现实潜力（平方米）</translation>
    </message>
    <message>
        <source>Number of candidates</source>
        <translation>备选地块数</translation>
    </message>
    <message>
        <source>Parts of parcels that could be reclaimed.</source>
        <translation>可供复垦的套合图斑（碎部）个数。</translation>
    </message>
    <message>
        <source>Candidates (m²)</source>
        <translation>备选地块面积（平方米）</translation>
    </message>
    <message>
        <source>Their area.</source>
        <translation>备选地块的面积合计。</translation>
    </message>
    <message>
        <source>Excluded (m²)</source>
        <translation>排除面积（平方米）</translation>
    </message>
    <message>
        <source>Construction land that is no candidate.</source>
        <translation>不作备选地块的建设用地面积。</translation>
    </message>
    <message>
        <source>Consistency ratio (CR)</source>
        <translation>一致性比率（CR）</translation>
    </message>
    <message>
        <source>Of the comparisons in pairs; NULL where none were given.</source>
        <translation>两两比较表的一致性比率；没有两两比较表时为空值。</translation>
    </message>
    <message>
        <source>Largest change of grades</source>
        <translation>等级变化最大比例</translation>
    </message>
    <message>
        <source>Largest share of candidates that change grade when one weight moves by a tenth.</source>
        <translation>任一权重变动十分之一时，等级发生变化的备选地块的最大比例。</translation>
    </message>
    <message>
        <source>Every part of a parcel that is construction land outside the development boundary is a candidate, unless it lies in a retained settlement, on approved land, in a road corridor, in a heritage or past project area, belongs to transport or water works, is land of special use, or is too small; each exclusion is listed. Candidates are measured by the indicators of resources/potential/indicators.csv, weighed, scored from 0 to 1 and graded, 1 first. Consent and legal origin exclude by stage and never score. Theoretical potential is computed for each village; realistic potential is that times the mean score, at most the candidates&apos; area. OUTPUT can be used as reclaim plots or as the candidates of the allocation.</source>
        <translation>城镇开发边界外，属建设用地的套合图斑（碎部）均为备选地块；位于保留村庄、批准未建设土地、道路控制范围、历史文化保护范围或历史项目区内的，属于交通水利设施和特殊用地的，以及面积过小的，予以排除并逐项列出。备选地块按 resources/potential/indicators.csv 所列指标测算、赋权，得分为 0～1，并分级，1 级最优先。村民同意和权源只按阶段作筛选，不参与评分。理论潜力分村计算；现实潜力为理论潜力乘以平均得分，不超过备选地块面积。OUTPUT 可直接作拆旧地块，或作“生成规划方案”的备选拆旧地块。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>T4 formatted for print.</source>
        <translation>农村建设用地复垦潜力分村汇总表（T4），可直接打印。</translation>
    </message>
</context>
<context>
    <name>RedlineConflictsAlgorithm</name>
    <message>
        <source>Conflicts of lines and plots</source>
        <translation>三线冲突分析</translation>
    </message>
    <message>
        <source>Where the three lines overlap each other, and where plots run into a line they must not.</source>
        <translation>三条控制线相互重叠之处，以及地块占用或越出控制线之处。</translation>
    </message>
    <message>
        <source>Takes at least two of permanent basic farmland, development boundary, ecological redline, new-build and reclaim plots and shows every place where they conflict, with redline level, area, policy basis and advice. With parcels the areas add up to their recorded areas, and net and cultivated areas are told. Places under the minimum area, or narrower than a sliver of the data checks, are listed apart and not counted. A township moves no line: the advice names the procedure and the levels that may.</source>
        <translation>永久基本农田、城镇开发边界、生态保护红线、建新地块、拆旧地块至少给两个，列出每一处冲突及其管控级别、面积、政策依据和处理建议。给出地类图斑时，面积按图斑面积平差，并列出净面积和耕地面积。小于最小面积或窄于数据质检狭长碎面宽度的单列，不计入冲突。乡镇无权移动任何一条线：处理建议写明应走的程序和有权决定的层级。</translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation>建新地块</translation>
    </message>
    <message>
        <source>New-build plots; without a use a plot cannot be held against the development boundary.</source>
        <translation>建新地块；没有填写用途的地块，无法与城镇开发边界核对。</translation>
    </message>
    <message>
        <source>Reclaim plots</source>
        <translation>拆旧地块（复垦地块）</translation>
    </message>
    <message>
        <source>Reclaim plots with their direction.</source>
        <translation>拆旧地块及其复垦方向。</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Villages for sub-totals, where no parcels state one.</source>
        <translation>行政村范围，用于分村汇总；地类图斑有坐落代码的，以图斑为准。</translation>
    </message>
    <message>
        <source>Minimum area (m²)</source>
        <translation>最小冲突面积（平方米）</translation>
    </message>
    <message>
        <source>Smaller places are slivers: listed apart and not counted.</source>
        <translation>更小的作狭长碎面单列，不计入冲突。</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>冲突图斑</translation>
    </message>
    <message>
        <source>One polygon a place, with kind, level, area, basis and advice.</source>
        <translation>每处冲突一个图斑，含类型、级别、面积、政策依据和处理建议。</translation>
    </message>
    <message>
        <source>Conflicts by village</source>
        <translation>冲突分村汇总</translation>
    </message>
    <message>
        <source>One row a kind, level and village.</source>
        <translation>每类、每级、每个行政村一行。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>Plots and lines (T20), overlaps of the lines and the list of conflicts, formatted for print.</source>
        <translation>三线占用情况表（T20）、三线重叠情况表和冲突图斑一览表，可直接打印。</translation>
    </message>
    <message>
        <source>Number of conflicts without slivers.</source>
        <translation>冲突处数，不含狭长碎面。</translation>
    </message>
    <message>
        <source>Not allowed</source>
        <translation>不符合的冲突数</translation>
    </message>
    <message>
        <source>Number of conflicts that must be removed.</source>
        <translation>必须消除的冲突处数。</translation>
    </message>
    <message>
        <source>To be looked at</source>
        <translation>提示的冲突数</translation>
    </message>
    <message>
        <source>Number of conflicts that need a statement.</source>
        <translation>须附主管部门意见的冲突处数。</translation>
    </message>
    <message>
        <source>Slivers</source>
        <translation>狭长碎面数</translation>
    </message>
    <message>
        <source>Number of slivers.</source>
        <translation>狭长碎面个数。</translation>
    </message>
    <message>
        <source>Slivers (m²)</source>
        <translation>狭长碎面面积（平方米）</translation>
    </message>
    <message>
        <source>Area of all slivers.</source>
        <translation>全部狭长碎面的面积合计。</translation>
    </message>
    <message>
        <source>Claimed twice (m²)</source>
        <translation>图形重复面积（平方米）</translation>
    </message>
    <message>
        <source>Conflict area that several features of one layer claim; it is counted once.</source>
        <translation>冲突处同一图层的要素相互重叠的面积，只计一次。</translation>
    </message>
    <message>
        <source>Permanent basic farmland in the boundary (m²)</source>
        <translation>城镇开发边界内永久基本农田（平方米）</translation>
    </message>
    <message>
        <source>Permanent basic farmland in the redline (m²)</source>
        <translation>生态保护红线内永久基本农田（平方米）</translation>
    </message>
    <message>
        <source>Boundary in the redline (m²)</source>
        <translation>城镇开发边界在生态保护红线内（平方米）</translation>
    </message>
    <message>
        <source>New-build on permanent basic farmland (m²)</source>
        <translation>建新占用永久基本农田（平方米）</translation>
    </message>
    <message>
        <source>New-build in the redline (m²)</source>
        <translation>建新占用生态保护红线（平方米）</translation>
    </message>
    <message>
        <source>New-build outside the boundary (m²)</source>
        <translation>建新在城镇开发边界外（平方米）</translation>
    </message>
    <message>
        <source>Reclaim plots in the redline (m²)</source>
        <translation>拆旧地块在生态保护红线内（平方米）</translation>
    </message>
    <message>
        <source>Area without slivers; none where a layer was not given.</source>
        <translation>不含狭长碎面的面积；未给有关图层时为空值。</translation>
    </message>
</context>
<context>
    <name>RepairData</name>
    <message>
        <source>Repair own layers</source>
        <translation>修复自有图层</translation>
    </message>
    <message>
        <source>Repairs a copy of a layer of your own, lists every change, and takes changes back.</source>
        <translation>在副本上修复自有图层，逐项列出修改，并可撤销。</translation>
    </message>
    <message>
        <source>Layer to repair</source>
        <translation>待修复图层</translation>
    </message>
    <message>
        <source>A layer of your own; it stays as it is.</source>
        <translation>自有的规划图层；原图层不变。</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>What the layer is to the plan.</source>
        <translation>该图层在规划中的用途。</translation>
    </message>
    <message>
        <source>Repairs</source>
        <translation>修复方式</translation>
    </message>
    <message>
        <source>Snap onto</source>
        <translation>捕捉到图层</translation>
    </message>
    <message>
        <source>Layer whose vertices stand, such as land parcels; left out: the layer&apos;s own vertices.</source>
        <translation>以其顶点为准的图层，如地类图斑；不填则以本图层的顶点为准。</translation>
    </message>
    <message>
        <source>Snapping tolerance (m)</source>
        <translation>捕捉容差（米）</translation>
    </message>
    <message>
        <source>Vertices at most this far apart become one.</source>
        <translation>相距不大于此值的顶点并为一点。</translation>
    </message>
    <message>
        <source>Area field</source>
        <translation>面积字段</translation>
    </message>
    <message>
        <source>Control area (m²)</source>
        <translation>控制面积（平方米）</translation>
    </message>
    <message>
        <source>What the areas must add up to, for the repair control.</source>
        <translation>面积合计须等于此值；用于修复方式 control（面积平差）。</translation>
    </message>
    <message>
        <source>Changes to take back</source>
        <translation>要撤销的修改清单</translation>
    </message>
    <message>
        <source>List of changes of an earlier run on this layer: no repair is done, they are taken back.</source>
        <translation>此前修复本图层时得到的修改清单；填写后不作修复，只撤销这些修改。</translation>
    </message>
    <message>
        <source>Repaired copy</source>
        <translation>修复后的副本</translation>
    </message>
    <message>
        <source>The layer with all its fields, repaired.</source>
        <translation>修复后的图层，保留全部字段。</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>修改清单</translation>
    </message>
    <message>
        <source>One row a changed value: feature, field or geometry, what it was and is.</source>
        <translation>每处修改一行：要素、字段或图形、原值和新值。</translation>
    </message>
    <message>
        <source>Values changed</source>
        <translation>修改处数</translation>
    </message>
    <message>
        <source>Number of rows of the list of changes.</source>
        <translation>修改清单的行数。</translation>
    </message>
    <message>
        <source>Features changed</source>
        <translation>修改要素数</translation>
    </message>
    <message>
        <source>Number of features with a change.</source>
        <translation>有修改的要素个数。</translation>
    </message>
    <message>
        <source>Not repaired</source>
        <translation>未能修复的要素数</translation>
    </message>
    <message>
        <source>Number of features that could not be repaired and stayed.</source>
        <translation>无法修复、保持原样的要素个数。</translation>
    </message>
    <message>
        <source>Works on a copy: makes polygons valid, snaps vertices, merges slivers, cleans codes, computes areas, or makes areas add up to a control area. Every value changed is listed with what it was; given that list, the repaired layer becomes again what it was. Survey data and statutory lines are refused, but for exchanged x and y, which is a fault of the file alone. Keep copy and list in GeoPackages: a shapefile holds no long text and fewer decimals.</source>
        <translation>只修改副本：修复无效图形、捕捉顶点、合并狭长碎面、清理编码、计算面积，或按控制面积进行面积平差。每处修改都列出原值；凭修改清单可将修复后的图层恢复原样。不接受调查数据和法定控制线，只有 x、y 颠倒属文件本身的错误，可以交换。副本和清单请存为 GeoPackage：Shapefile 存不下较长的文字，小数位也较少。</translation>
    </message>
    <message>
        <source>Words by commas, done in this order: axes (exchange x and y), valid (make valid), snap (vertices), slivers (merge), codes (clean text), areas (compute), control (add up to the control area).</source>
        <translation>用逗号分隔，按下列顺序执行：axes（交换 x、y）、valid（修复无效图形）、snap（捕捉顶点）、slivers（合并狭长碎面）、codes（清理编码）、areas（计算面积）、control（面积平差到控制面积）。</translation>
    </message>
    <message>
        <source>Field that areas are written into, in m²; one the layer does not have is added. Left out: found by its standard names, else area_m2 is added.</source>
        <translation>写入面积（平方米）的字段；图层没有该字段时自动添加。不填则取标准字段名，没有时添加 area_m2。</translation>
    </message>
</context>
<context>
    <name>RolesPanel</name>
    <message>
        <source>Use a policy profile of your own (YAML file)</source>
        <translation>选用自己的政策规则包（YAML 文件）</translation>
    </message>
    <message>
        <source>Policy profile</source>
        <translation>政策规则包</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必选</translation>
    </message>
    <message>
        <source>Policy profile (*.yaml *.yml)</source>
        <translation>政策规则包 (*.yaml *.yml)</translation>
    </message>
</context>
<context>
    <name>SampleTownship</name>
    <message>
        <source>Sample township</source>
        <translation>样例乡镇</translation>
    </message>
    <message>
        <source>Draws an invented Jiangnan township with parcels, lines, plots and targets.</source>
        <translation>生成一个虚构的江南水乡乡镇，含地类图斑、管控线、拆旧建新地块和下达指标。</translation>
    </message>
    <message>
        <source>Everything is drawn from the seed and invented: no real survey is used. The same seed gives the same township. The result is a plan database that all other tools read. With two years the second survey holds known changes; with defects a known set of mistakes is planted; both are listed in the table planted.</source>
        <translation>全部内容由随机种子生成，均为虚构，未使用任何真实调查数据。种子相同，结果相同。结果为规划数据库，其他工具均可直接读取。选两个调查年份时，第二年含已知变化；选择埋设错误时，含一组已知错误；变化和错误均列在 planted 表中。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Another number draws another township.</source>
        <translation>换一个数，得到另一个乡镇。</translation>
    </message>
    <message>
        <source>Parcels</source>
        <translation>地类图斑数</translation>
    </message>
    <message>
        <source>Number of parcels wanted; the result is within 10 %.</source>
        <translation>希望的地类图斑数；结果相差不超过 10%。</translation>
    </message>
    <message>
        <source>Survey years</source>
        <translation>调查年份数</translation>
    </message>
    <message>
        <source>2 adds a second survey with known changes.</source>
        <translation>填 2 则增加第二个调查年份，含已知变化。</translation>
    </message>
    <message>
        <source>Planted defects</source>
        <translation>埋设错误</translation>
    </message>
    <message>
        <source>1 plants a known set of mistakes; 0 none.</source>
        <translation>1 为埋设一组已知错误；0 为不埋设。</translation>
    </message>
    <message>
        <source>Plan database</source>
        <translation>规划数据库</translation>
    </message>
    <message>
        <source>GeoPackage to write.</source>
        <translation>要生成的 GeoPackage 文件。</translation>
    </message>
    <message>
        <source>Address of the layer, for models.</source>
        <translation>图层地址，供模型使用。</translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation>地类图斑</translation>
    </message>
    <message>
        <source>Land parcels of the second survey year</source>
        <translation>第二个调查年份的地类图斑</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Natural villages</source>
        <translation>自然村（居民点）</translation>
    </message>
    <message>
        <source>Township</source>
        <translation>乡镇（街道）</translation>
    </message>
    <message>
        <source>Permanent basic farmland</source>
        <translation>永久基本农田</translation>
    </message>
    <message>
        <source>Urban development boundary</source>
        <translation>城镇开发边界</translation>
    </message>
    <message>
        <source>Ecological redline</source>
        <translation>生态保护红线</translation>
    </message>
    <message>
        <source>Retained settlements</source>
        <translation>保留村庄</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>Reclaim plots</source>
        <translation>拆旧地块（复垦地块）</translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation>建新地块</translation>
    </message>
    <message>
        <source>Population</source>
        <translation>人口与户数</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>下达指标</translation>
    </message>
    <message>
        <source>List of planted defects and changes</source>
        <translation>埋设的错误和变化清单</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>比对用规划</translation>
    </message>
    <message>
        <source>1 adds a land, town, ecological and development plan with known differences; 0 none.</source>
        <translation>1 为另绘土地、城乡、生态、发展四个规划，含已知差异；0 为不绘。</translation>
    </message>
    <message>
        <source>Temporary land use</source>
        <translation>临时用地</translation>
    </message>
    <message>
        <source>Bulldozed land (TTQ)</source>
        <translation>推(堆)土区（TTQ）</translation>
    </message>
    <message>
        <source>Suspect polygons</source>
        <translation>疑似图斑</translation>
    </message>
    <message>
        <source>Land-use plan</source>
        <translation>土地利用总体规划</translation>
    </message>
    <message>
        <source>Town plan</source>
        <translation>城乡规划</translation>
    </message>
    <message>
        <source>Ecological plan</source>
        <translation>生态保护规划</translation>
    </message>
    <message>
        <source>Development plan</source>
        <translation>发展规划</translation>
    </message>
</context>
<context>
    <name>ScenarioDock</name>
    <message>
        <source>Scenarios</source>
        <translation>规划方案</translation>
    </message>
    <message>
        <source>Unit of areas</source>
        <translation>面积单位</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>In {folder}</source>
        <translation>存放于 {folder}</translation>
    </message>
    <message>
        <source>Put into the trash: {names}?</source>
        <translation>移到回收站：{names}？</translation>
    </message>
    <message>
        <source>Copy scenario</source>
        <translation>复制方案</translation>
    </message>
    <message>
        <source>Rename scenario</source>
        <translation>方案改名</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} 副本</translation>
    </message>
    <message>
        <source>Folder for scenarios</source>
        <translation>规划方案文件夹</translation>
    </message>
    <message>
        <source>Save the current plots as a scenario</source>
        <translation>把当前地块存为规划方案</translation>
    </message>
    <message>
        <source>The project has no reclaim plots and no new-build plots to save.</source>
        <translation>项目中没有拆旧地块和建新地块可保存。</translation>
    </message>
    <message>
        <source>Saving scenario</source>
        <translation>保存方案</translation>
    </message>
    <message>
        <source>Scenarios are compared on the land parcels: the project has no such layer.</source>
        <translation>方案对比需要地类图斑图层，项目中没有。请先在“图层与字段”中指定。</translation>
    </message>
    <message>
        <source>Comparing scenarios</source>
        <translation>对比方案</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Fault of the program: {what}</source>
        <translation>程序错误：{what}</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
    <message>
        <source>; {count} plots left out of the balance are not in it</source>
        <translation>；未参与平衡的 {count} 个地块不在其中</translation>
    </message>
    <message>
        <source>; without figures: {why}</source>
        <translation>；未计算指标：{why}</translation>
    </message>
</context>
<context>
    <name>ScenarioLoader</name>
    <message>
        <source>The project has no layer in the role {roles}. Choose one in the balance dock first.</source>
        <translation>项目中没有“{roles}”图层。请先在“指标平衡”中指定。</translation>
    </message>
    <message>
        <source>{layers} cannot be edited.</source>
        <translation>{layers} 不能编辑。</translation>
    </message>
    <message>
        <source>{layers}: there are edits that are not saved. They stay in the undo history until the layer is saved. Put the scenario in their place?</source>
        <translation>{layers}：有尚未保存的编辑。图层保存前都可以撤销找回。仍用方案替换吗？</translation>
    </message>
    <message>
        <source>Load scenario {name}</source>
        <translation>调入方案 {name}</translation>
    </message>
    <message>
        <source>The plots could not be put into the layers; nothing was changed.</source>
        <translation>地块未能调入图层，图层未作改动。</translation>
    </message>
    <message>
        <source>{name} is loaded and not saved yet: save the layers to keep it, undo to have the old plots.</source>
        <translation>已调入{name}，尚未保存：保存图层编辑即可保留，撤销则恢复原地块。</translation>
    </message>
    <message>
        <source> Fields the layers do not have: {fields}</source>
        <translation>图层中没有的字段未写入：{fields}</translation>
    </message>
</context>
<context>
    <name>ScenarioPage</name>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Propose a plan…</source>
        <translation>生成方案…</translation>
    </message>
    <message>
        <source>Let the computer choose plots and years under all rules at once</source>
        <translation>在全部规则约束下，由计算机优选地块和实施年度</translation>
    </message>
    <message>
        <source>Save current plots…</source>
        <translation>保存当前方案…</translation>
    </message>
    <message>
        <source>Keep the reclaim and new-build plots of the project as a scenario</source>
        <translation>把项目中的拆旧、建新地块存为一个规划方案</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Weights of the potential indicators (AHP)…</source>
        <translation>潜力指标权重（AHP）…</translation>
    </message>
    <message>
        <source>Open the folder of scenarios</source>
        <translation>打开方案文件夹</translation>
    </message>
    <message>
        <source>Refresh the list</source>
        <translation>刷新列表</translation>
    </message>
    <message>
        <source>Load into layers</source>
        <translation>调入图层</translation>
    </message>
    <message>
        <source>Put the plots of the scenario into the project&apos;s reclaim and new-build layers</source>
        <translation>把方案的地块放入项目的拆旧、建新图层</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Set two or more scenarios side by side; hold Ctrl to select several</source>
        <translation>并列对比两个以上方案；按住 Ctrl 多选</translation>
    </message>
    <message>
        <source>Copy…</source>
        <translation>复制…</translation>
    </message>
    <message>
        <source>A second scenario like this one</source>
        <translation>再存一份相同的方案</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>改名…</translation>
    </message>
    <message>
        <source>Give the scenario another name</source>
        <translation>给方案另取名称</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Put the scenario into the trash</source>
        <translation>把方案移到回收站</translation>
    </message>
    <message>
        <source>No scenario yet. Save the plots of the project as one, or let one be proposed; then they can be compared.</source>
        <translation>还没有规划方案。可以保存当前地块，或生成一个方案，之后即可对比。</translation>
    </message>
    <message>
        <source>The project is not saved. Save it to keep scenarios beside it, or choose a folder for them.</source>
        <translation>项目尚未保存。保存项目后方案存放在项目旁，也可以另选文件夹。</translation>
    </message>
</context>
<context>
    <name>ScenarioTables</name>
    <message>
        <source>Scenario</source>
        <translation>规划方案</translation>
    </message>
    <message>
        <source>Not kept</source>
        <translation>不符合</translation>
    </message>
    <message>
        <source>Reclaim R</source>
        <translation>复垦 R</translation>
    </message>
    <message>
        <source>Build N</source>
        <translation>建新 N</translation>
    </message>
    <message>
        <source>New cultivated F</source>
        <translation>新增耕地 F</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>优化目标</translation>
    </message>
    <message>
        <source>Gap to the best</source>
        <translation>与最优解差距</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>保存时间</translation>
    </message>
    <message>
        <source>Rules that were not kept when the scenario was saved</source>
        <translation>保存方案时不符合的规则数</translation>
    </message>
    <message>
        <source>drawn by hand</source>
        <translation>人工绘制</translation>
    </message>
    <message>
        <source>least cost</source>
        <translation>最省费用</translation>
    </message>
    <message>
        <source>most cultivated land</source>
        <translation>新增耕地最多</translation>
    </message>
    <message>
        <source>fewest households</source>
        <translation>涉及农户最少</translation>
    </message>
    <message>
        <source>most contiguous</source>
        <translation>耕地最连片</translation>
    </message>
    <message>
        <source>weighted</source>
        <translation>综合加权</translation>
    </message>
    <message>
        <source>best possible</source>
        <translation>已证明最优</translation>
    </message>
    <message>
        <source>within the gap asked for</source>
        <translation>达到所设差距</translation>
    </message>
    <message>
        <source>time was up</source>
        <translation>时间已到</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>中途停止</translation>
    </message>
    <message>
        <source>{reclaim} reclaim plots, {newbuild} new-build plots</source>
        <translation>拆旧地块 {reclaim} 个，建新地块 {newbuild} 个</translation>
    </message>
    <message>
        <source>Saved without figures: there were no parcels or no balance</source>
        <translation>保存时没有地类图斑或未能平衡，没有指标</translation>
    </message>
    <message>
        <source>Policy profile: {profile}</source>
        <translation>政策规则包：{profile}</translation>
    </message>
    <message>
        <source>{name} (damaged)</source>
        <translation>{name}（文件损坏）</translation>
    </message>
    <message>
        <source>Proposed for {objective}: {how}</source>
        <translation>生成目标“{objective}”，{how}</translation>
    </message>
</context>
<context>
    <name>SelfCheckAlgorithm</name>
    <message>
        <source>Yearly self-check</source>
        <translation>专项自查</translation>
    </message>
    <message>
        <source>Holds two survey years against the plan: what was reclaimed and built, and what was not.</source>
        <translation>用两个年度的变更调查核对规划实施情况：哪些已复垦、已建设，哪些尚未。</translation>
    </message>
    <message>
        <source>The earlier year&apos;s parcels are cut with the later year&apos;s, the plots and the lines. Every part gets a status by a decision table: reclaimed, not started, built again, built outside the plan, permanent basic farmland taken and so on. Differences that come only from another classification are told apart. The areas of all statuses add up to the earlier year. A concordance says which villages were merged or renumbered; suspects of remote sensing and an earlier self-check can be held against the result.</source>
        <translation>将上年度图斑与本年度图斑、拆旧建新地块和管控线套合，逐块按判定表判定：已复垦、未拆未复垦、返建、计划外建设、占用永久基本农田等。仅因分类口径不同的差异单列。各判定面积之和等于上年度总面积。行政村撤并、改码的，可提供代码对照表；卫片疑似图斑和上次自查结果可与本次结果对照。</translation>
    </message>
    <message>
        <source>Decision table</source>
        <translation>判定表</translation>
    </message>
    <message>
        <source>Decision table of your own (CSV, columns as shipped); left out: the shipped one.</source>
        <translation>自备判定表（CSV，各列与自带判定表相同）；不填则用自带判定表。</translation>
    </message>
    <message>
        <source>Also unchanged land</source>
        <translation>包含未变化土地</translation>
    </message>
    <message>
        <source>Put land that did not change into the result layer too.</source>
        <translation>勾选后，结果图层也列出未变化的土地。</translation>
    </message>
    <message>
        <source>Parcels of the earlier year</source>
        <translation>上年度地类图斑</translation>
    </message>
    <message>
        <source>Land-use parcels (DLTB) of the earlier survey; other layers are brought to its coordinates.</source>
        <translation>上年度调查的地类图斑（DLTB）；其他图层转换到它的坐标系。</translation>
    </message>
    <message>
        <source>earlier year</source>
        <translation>上年度</translation>
    </message>
    <message>
        <source>Parcels of the later year</source>
        <translation>本年度地类图斑</translation>
    </message>
    <message>
        <source>Land-use parcels (DLTB) of the later survey.</source>
        <translation>本年度调查的地类图斑（DLTB）。</translation>
    </message>
    <message>
        <source>later year</source>
        <translation>本年度</translation>
    </message>
    <message>
        <source>Left out: found by its standard name.</source>
        <translation>不填则取标准字段名。</translation>
    </message>
    <message>
        <source>Parcel id field</source>
        <translation>图斑标识字段</translation>
    </message>
    <message>
        <source>Identifies a parcel; left out: the feature id.</source>
        <translation>用来标识图斑；不填则用要素编号。</translation>
    </message>
    <message>
        <source>Land class field</source>
        <translation>地类编码字段</translation>
    </message>
    <message>
        <source>Village field</source>
        <translation>行政村代码字段</translation>
    </message>
    <message>
        <source>Recorded area field</source>
        <translation>图斑面积字段</translation>
    </message>
    <message>
        <source>Recorded area in m²; left out: the parcel's own area.</source>
        <translation>图斑面积（平方米）；不填则按所选面积算法计算图斑自身面积。</translation>
    </message>
    <message>
        <source>Deduction rate field</source>
        <translation>扣除系数字段</translation>
    </message>
    <message>
        <source>Rate of field ridges (KCXS); left out: net area = gross area.</source>
        <translation>扣除地类系数（KCXS）；不填则净面积等于毛面积。</translation>
    </message>
    <message>
        <source>Data year field</source>
        <translation>数据年份字段</translation>
    </message>
    <message>
        <source>Settlement code field (CZCSXM)</source>
        <translation>城镇村属性码字段（CZCSXM）</translation>
    </message>
    <message>
        <source>Owner field</source>
        <translation>权属单位字段</translation>
    </message>
    <message>
        <source>Land classification</source>
        <translation>地类分类标准</translation>
    </message>
    <message>
        <source>Id of the classification or path of a code table of your own; left out: detected.</source>
        <translation>分类标准的标识，或自备编码表的路径；不填则自动识别。</translation>
    </message>
    <message>
        <source>Reclaim plots</source>
        <translation>拆旧地块（复垦地块）</translation>
    </message>
    <message>
        <source>Plots to be reclaimed, fields as in the plan database.</source>
        <translation>拟拆旧复垦的地块，字段与规划数据库的 reclaim 图层相同，也认 SYSB_CJ 的字段名。</translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation>建新地块</translation>
    </message>
    <message>
        <source>Plots to be built on, as in the plan database.</source>
        <translation>拟建新的地块，字段与规划数据库的 newbuild 图层相同，也认 SYSB_JX 的字段名。</translation>
    </message>
    <message>
        <source>Approved, not built</source>
        <translation>批准未建设土地</translation>
    </message>
    <message>
        <source>Land approved and not built on before.</source>
        <translation>上年度前已批准建设但尚未建设的土地。</translation>
    </message>
    <message>
        <source>Temporary land use</source>
        <translation>临时用地</translation>
    </message>
    <message>
        <source>Land used for a time only.</source>
        <translation>临时使用的土地。</translation>
    </message>
    <message>
        <source>Bulldozed land (TTQ)</source>
        <translation>推(堆)土区（TTQ）</translation>
    </message>
    <message>
        <source>Land where works have begun.</source>
        <translation>已动工推填、地类尚未变更的土地。</translation>
    </message>
    <message>
        <source>Suspect polygons</source>
        <translation>疑似图斑</translation>
    </message>
    <message>
        <source>Places remote sensing found changed.</source>
        <translation>遥感监测（卫片）发现变化的图斑。</translation>
    </message>
    <message>
        <source>Concordance of village codes</source>
        <translation>行政区代码对照表</translation>
    </message>
    <message>
        <source>Table old_code, new_code, date: villages that were merged or renumbered between the years.</source>
        <translation>行政区代码对照表：原代码 old_code、新代码 new_code、日期 date，为两个年度之间撤并或改码的行政村。</translation>
    </message>
    <message>
        <source>Earlier self-check</source>
        <translation>上次自查结果</translation>
    </message>
    <message>
        <source>Result layer or totals of an earlier self-check, to compare with; photos are taken over.</source>
        <translation>上次自查的结果图层或汇总表，用于对比；照片字段沿用。</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>数据时点</translation>
    </message>
    <message>
        <source>Day of the check; left out: 31 December of the later year&apos;s data.</source>
        <translation>自查的时点；不填则为本年度数据年份的 12 月 31 日。</translation>
    </message>
    <message>
        <source>Self-check</source>
        <translation>专项自查结果</translation>
    </message>
    <message>
        <source>What changed or was planned, with its status.</source>
        <translation>有变化或列入规划的土地及其判定。</translation>
    </message>
    <message>
        <source>Self-check (T16)</source>
        <translation>专项自查汇总（T16）</translation>
    </message>
    <message>
        <source>Number and area by village and status.</source>
        <translation>分行政村、分判定统计的图斑数和面积。</translation>
    </message>
    <message>
        <source>Offenders</source>
        <translation>违法违规清单</translation>
    </message>
    <message>
        <source>Serious cases by plot or parcel, with owner.</source>
        <translation>按地块或图斑列出的严重问题及权属单位。</translation>
    </message>
    <message>
        <source>Later inspections</source>
        <translation>回头看清单</translation>
    </message>
    <message>
        <source>Accepted reclaim plots with their last and next inspection.</source>
        <translation>已验收拆旧地块及其最近一次、下一次回头看日期。</translation>
    </message>
    <message>
        <source>Suspects checked</source>
        <translation>疑似图斑核查结果</translation>
    </message>
    <message>
        <source>Every suspect polygon: violation, explained by the plan, other change or no change.</source>
        <translation>每个疑似图斑的结论：违法违规、规划内或已批准、其他变化、未变化。</translation>
    </message>
    <message>
        <source>Changes since</source>
        <translation>与上次对比</translation>
    </message>
    <message>
        <source>What is new, gone, worse or better since the earlier self-check.</source>
        <translation>与上次自查相比新增、消除、加重、减轻的问题。</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题与提示</translation>
    </message>
    <message>
        <source>What to look at in the data.</source>
        <translation>数据中需要核对之处。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>T16 and its totals formatted for print.</source>
        <translation>专项自查情况表（T16）和分村汇总表，可直接打印。</translation>
    </message>
    <message>
        <source>Total area (m²)</source>
        <translation>总面积（平方米）</translation>
    </message>
    <message>
        <source>Area of the earlier year, sum of all statuses.</source>
        <translation>上年度总面积，等于各判定面积之和。</translation>
    </message>
    <message>
        <source>Changed (m²)</source>
        <translation>变化面积（平方米）</translation>
    </message>
    <message>
        <source>Land whose class changed on the ground.</source>
        <translation>实地地类发生变化的面积，不含口径差异。</translation>
    </message>
    <message>
        <source>Unplanned construction (m²)</source>
        <translation>计划外新增建设（平方米）</translation>
    </message>
    <message>
        <source>Built on outside the plan.</source>
        <translation>计划外新增的建设用地面积。</translation>
    </message>
    <message>
        <source>Permanent basic farmland lost (m²)</source>
        <translation>永久基本农田减少（平方米）</translation>
    </message>
    <message>
        <source>No longer cultivated; empty without the layer.</source>
        <translation>已不是耕地的面积；未给该图层时为空值。</translation>
    </message>
    <message>
        <source>Net change of cultivated land (m²)</source>
        <translation>耕地净增减（平方米）</translation>
    </message>
    <message>
        <source>Net area, gains − losses.</source>
        <translation>净面积，流入减流出。</translation>
    </message>
    <message>
        <source>Only in the earlier year (m²)</source>
        <translation>仅上年度有的面积（平方米）</translation>
    </message>
    <message>
        <source>Land the later year lacks.</source>
        <translation>本年度调查未覆盖的土地。</translation>
    </message>
    <message>
        <source>Only in the later year (m²)</source>
        <translation>仅本年度有的面积（平方米）</translation>
    </message>
    <message>
        <source>Land the earlier year lacks.</source>
        <translation>上年度调查未覆盖的土地。</translation>
    </message>
    <message>
        <source>Serious parts</source>
        <translation>严重（必改）图斑数</translation>
    </message>
    <message>
        <source>Number of parts with a serious status.</source>
        <translation>判定为严重（必改）的图斑数。</translation>
    </message>
    <message>
        <source>Serious (m²)</source>
        <translation>严重（必改）面积（平方米）</translation>
    </message>
    <message>
        <source>Their area.</source>
        <translation>其面积合计。</translation>
    </message>
    <message>
        <source>Parts to look at</source>
        <translation>一般问题图斑数</translation>
    </message>
    <message>
        <source>Number of parts with a warning.</source>
        <translation>判定为一般问题的图斑数。</translation>
    </message>
    <message>
        <source>To look at (m²)</source>
        <translation>一般问题面积（平方米）</translation>
    </message>
    <message>
        <source>Parts noted</source>
        <translation>备注图斑数</translation>
    </message>
    <message>
        <source>Number of parts only noted.</source>
        <translation>只作备注的图斑数。</translation>
    </message>
    <message>
        <source>Noted (m²)</source>
        <translation>备注面积（平方米）</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>下达指标</translation>
    </message>
    <message>
        <source>Assigned figures; of them the start-up quota (start_quota_m2) counts until it is due.</source>
        <translation>下达的指标表；其中启动指标（start_quota_m2）到期前计入可用指标。</translation>
    </message>
</context>
<context>
    <name>StandardLayerAlgorithm</name>
    <message>
        <source>Layer in the form of a standard</source>
        <translation>按标准输出图层</translation>
    </message>
    <message>
        <source>Writes a layer with exactly the fields, types and widths of a database standard.</source>
        <translation>按数据库标准规定的字段、类型和长度写出图层。</translation>
    </message>
    <message>
        <source>Fields known by any of their names are renamed and put in the standard&apos;s order, with its types, widths and decimals; fields the layer lacks are empty. A value that does not fit is an error that names the feature: nothing is cut. GeoPackage, file geodatabase, or shapefile in the encoding chosen, with its .cpg. What was left out, empty or rounded is said in the log.</source>
        <translation>能识别的字段改为标准名称，按标准的顺序、类型、长度和小数位写出；图层没有的字段留空。放不下的值报错并指明要素，不作截断。可写 GeoPackage、文件地理数据库，或按所选编码写 Shapefile（附 .cpg 文件）。未写出、留空和取舍的内容写入日志。</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Any layer or table; it stays as it is.</source>
        <translation>任意图层或表；原图层不变。</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>What the layer is to the plan.</source>
        <translation>该图层在规划中的用途。</translation>
    </message>
    <message>
        <source>Standard layer</source>
        <translation>标准图层</translation>
    </message>
    <message>
        <source>Id of the standard layer (third_survey.DLTB); left out: the one its fields follow.</source>
        <translation>标准图层标识，如 third_survey.DLTB；不填则按字段自动识别。</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>文字编码</translation>
    </message>
    <message>
        <source>Of a shapefile; said in its .cpg file.</source>
        <translation>Shapefile 的文字编码，写入 .cpg 文件。</translation>
    </message>
    <message>
        <source>Keep other fields</source>
        <translation>保留其他字段</translation>
    </message>
    <message>
        <source>Yes: fields the standard does not know come after its own.</source>
        <translation>是：标准以外的字段排在标准字段之后。</translation>
    </message>
    <message>
        <source>File</source>
        <translation>输出文件</translation>
    </message>
    <message>
        <source>GeoPackage, file geodatabase (.gdb) or shapefile to write.</source>
        <translation>要生成的 GeoPackage、文件地理数据库（.gdb）或 Shapefile。</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>要素数</translation>
    </message>
    <message>
        <source>Features written.</source>
        <translation>写出的要素个数。</translation>
    </message>
    <message>
        <source>Rounded values</source>
        <translation>取舍的数值个数</translation>
    </message>
    <message>
        <source>Numbers rounded to the standard&apos;s decimals.</source>
        <translation>按标准小数位取舍的数值个数。</translation>
    </message>
    <message>
        <source>Fields left out</source>
        <translation>未写出的字段数</translation>
    </message>
    <message>
        <source>Fields the standard does not know.</source>
        <translation>标准以外、未写出的字段个数。</translation>
    </message>
</context>
<context>
    <name>Summary</name>
    <message>
        <source>{left} open, {done} fixed or accepted. Click to see only these.</source>
        <translation>未处理 {left} 条，已改正或已接受 {done} 条。点击只看这些。</translation>
    </message>
    <message>
        <source>{left} of {total} errors open. Click to see only these.</source>
        <translation>严重问题 {total} 条，未处理 {left} 条。点击只看这些。</translation>
    </message>
</context>
<context>
    <name>SurveyAlgorithm</name>
    <message>
        <source>Land parcels</source>
        <translation>地类图斑</translation>
    </message>
    <message>
        <source>Land-use parcels of the survey (DLTB). All other layers are brought to its coordinate system.</source>
        <translation>国土调查的地类图斑（DLTB）。其他图层都转换到它的坐标系。</translation>
    </message>
    <message>
        <source>Parcel id field</source>
        <translation>图斑标识字段</translation>
    </message>
    <message>
        <source>Identifies a parcel in results; left out: the feature id.</source>
        <translation>结果中用来标识图斑；不填则用要素编号。</translation>
    </message>
    <message>
        <source>Land class field</source>
        <translation>地类编码字段</translation>
    </message>
    <message>
        <source>Land class code; left out: DLBM or another standard name.</source>
        <translation>地类编码；不填则取 DLBM 等标准字段名。</translation>
    </message>
    <message>
        <source>Village field</source>
        <translation>行政村代码字段</translation>
    </message>
    <message>
        <source>Code of the village, its first 12 characters count; left out: ZLDWDM or another standard name.</source>
        <translation>行政村代码，取前 12 位；不填则取 ZLDWDM 等标准字段名。</translation>
    </message>
    <message>
        <source>Recorded area field</source>
        <translation>图斑面积字段</translation>
    </message>
    <message>
        <source>Recorded area in m² (TBMJ) that the pieces of a parcel must add up to; left out: the parcel's own area by the area method, rounded to 0.01 m².</source>
        <translation>登记的图斑面积（TBMJ，平方米），套合图斑（碎部）面积之和与它一致；不填则按所选面积算法计算图斑自身面积，取至 0.01 平方米。</translation>
    </message>
    <message>
        <source>Deduction rate field</source>
        <translation>扣除系数字段</translation>
    </message>
    <message>
        <source>Rate of field ridges to deduct (KCXS, 0 to below 1); left out: net area = gross area.</source>
        <translation>扣除地类系数（KCXS，不小于 0 且小于 1）；不填则净面积等于毛面积。</translation>
    </message>
    <message>
        <source>Permanent basic farmland</source>
        <translation>永久基本农田</translation>
    </message>
    <message>
        <source>Polygons of permanent basic farmland.</source>
        <translation>永久基本农田图斑。</translation>
    </message>
    <message>
        <source>Urban development boundary</source>
        <translation>城镇开发边界</translation>
    </message>
    <message>
        <source>Area inside the development boundary.</source>
        <translation>城镇开发边界内的范围。</translation>
    </message>
    <message>
        <source>Ecological redline</source>
        <translation>生态保护红线</translation>
    </message>
    <message>
        <source>Redline areas; a field level (1 or 2) gives the control level, without it level 1 is assumed.</source>
        <translation>生态保护红线范围；level 字段（1 或 2）为管控级别，没有则按一级管控区计。</translation>
    </message>
    <message>
        <source>Snapping tolerance (m)</source>
        <translation>捕捉容差（米）</translation>
    </message>
    <message>
        <source>Vertices of the other layers at most this far from a parcel vertex are moved onto it; 0 = off.</source>
        <translation>其他图层的节点离图斑节点不超过此距离时，移到图斑节点上；0 为不捕捉。</translation>
    </message>
    <message>
        <source>Control areas of villages</source>
        <translation>行政村控制面积</translation>
    </message>
    <message>
        <source>Layer or table of villages with control areas: the areas of each village&apos;s parcels are brought to add up to them. Parcels belong to the village whose code they state.</source>
        <translation>带控制面积的行政村图层或表：各村地类图斑面积经面积平差，合计等于控制面积。图斑按坐落代码归村。</translation>
    </message>
    <message>
        <source>Code field of the control areas</source>
        <translation>控制面积的代码字段</translation>
    </message>
    <message>
        <source>Code of the village, its first 12 characters count; left out: XZQDM or another standard name.</source>
        <translation>行政村代码，取前 12 位；不填则取 XZQDM 等标准字段。</translation>
    </message>
    <message>
        <source>Area field of the control areas</source>
        <translation>控制面积的面积字段</translation>
    </message>
    <message>
        <source>Control area in m²; left out: DCMJ, else KZMJ. A village without one takes what its parcels have.</source>
        <translation>控制面积（平方米）；不填则取 DCMJ，其次 KZMJ。没有控制面积的村以图斑面积合计为准。</translation>
    </message>
    <message>
        <source>Control area of the township (m²)</source>
        <translation>乡镇控制面积（平方米）</translation>
    </message>
    <message>
        <source>Control area of all parcels together; left out: the sum of what lies below.</source>
        <translation>全部地类图斑的控制面积；不填则以下级合计为准。</translation>
    </message>
    <message>
        <source>Line features (XZDW)</source>
        <translation>线状地物（XZDW）</translation>
    </message>
    <message>
        <source>Line features of the second survey; their areas are taken off the parcels they name and shared out to the pieces by length. The deduction rate is then that of ridges (TKXS).</source>
        <translation>二调线状地物；其面积从所列扣除图斑中扣除，并按长度分摊到套合图斑。此时扣除系数为田坎系数（TKXS）。</translation>
    </message>
    <message>
        <source>Point features (LXDW)</source>
        <translation>零星地物（LXDW）</translation>
    </message>
    <message>
        <source>Point features of the second survey; their areas are taken off the pieces they lie in.</source>
        <translation>二调零星地物；其面积从所在的套合图斑中扣除。</translation>
    </message>
    <message>
        <source>Ridges are taken of</source>
        <translation>田坎扣除基数</translation>
    </message>
    <message>
        <source>With line or point features: net = the ridge rate applies to what these leave of a parcel; gross = to the whole parcel, as some software has it.</source>
        <translation>有线状或零星地物时：net＝按扣除线状、零星地物后的面积乘田坎系数；gross＝按图斑总面积乘田坎系数（部分软件的做法）。</translation>
    </message>
    <message>
        <source>Approved, not built</source>
        <translation>批准未建设土地</translation>
    </message>
    <message>
        <source>Land approved for construction and not built on: construction land in the base state.</source>
        <translation>已批准建设但尚未建设的土地：在规划基数中按建设用地计。</translation>
    </message>
    <message>
        <source>Built without approval</source>
        <translation>未审批已建设用地</translation>
    </message>
    <message>
        <source>Construction land without approval: in the base state what class_before says it was.</source>
        <translation>未经审批的建设用地：在规划基数中按 class_before（原地类）计。</translation>
    </message>
    <message>
        <source>Temporary land use</source>
        <translation>临时用地</translation>
    </message>
    <message>
        <source>Land used for a time only: in the base state what class_before says it was.</source>
        <translation>临时使用的土地：在规划基数中按 class_before（原地类）计。</translation>
    </message>
    <message>
        <source>Demolished construction land</source>
        <translation>已拆除建设用地</translation>
    </message>
    <message>
        <source>Cleared land whose approval still stands: construction land in the base state.</source>
        <translation>已拆除但批准仍有效的土地：在规划基数中按建设用地计。</translation>
    </message>
</context>
<context>
    <name>SurveyTxtExport</name>
    <message>
        <source>Export survey coordinates (TXT)</source>
        <translation>导出勘测定界坐标（TXT）</translation>
    </message>
    <message>
        <source>Writes plots as a survey coordinate file, with boundary points and their table (T25).</source>
        <translation>将地块写成勘测定界坐标文件，附界址点图层和界址点坐标成果表（T25）。</translation>
    </message>
    <message>
        <source>Orders and numbers the boundary points as land reports do: exterior rings clockwise from the north-west point, holes anticlockwise, the closing point repeats the first number. Areas in the file are those by the rounded coordinates. The layer must be in a Gauss–Krüger zone; the zone number is put before the easting where the template asks for it.</source>
        <translation>界址点按勘测定界要求排列编号：外圈自西北角界址点起顺时针，内圈逆时针，闭合点重复首点号。文件中的面积按取位后的坐标计算。图层须为高斯-克吕格投影；模板要求时，横坐标前加带号。</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>地块</translation>
    </message>
    <message>
        <source>Polygons in a Gauss–Krüger zone.</source>
        <translation>高斯-克吕格投影的面图层。</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>approval: construction land approval (J1,ring,X,Y). linkage: linkage of urban and rural construction land (J1,X,Y,,ring). X is north.</source>
        <translation>approval：建设用地报批（J1,圈号,X,Y）；linkage：城乡建设用地增减挂钩（J1,X,Y,,圈号）。X 为北坐标。</translation>
    </message>
    <message>
        <source>Plot number</source>
        <translation>地块编号字段</translation>
    </message>
    <message>
        <source>Left out: the field plot_id, else the row&apos;s number.</source>
        <translation>不填则取 plot_id 字段；没有该字段则按行编号。</translation>
    </message>
    <message>
        <source>Plot name</source>
        <translation>地块名称字段</translation>
    </message>
    <message>
        <source>Left out: the plot&apos;s number.</source>
        <translation>不填则用地块编号。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>用途字段</translation>
    </message>
    <message>
        <source>Left out: empty in the file.</source>
        <translation>不填则文件中留空。</translation>
    </message>
    <message>
        <source>Land class code</source>
        <translation>地类编码字段</translation>
    </message>
    <message>
        <source>Map sheet number</source>
        <translation>图幅号字段</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>文字编码</translation>
    </message>
    <message>
        <source>gbk is what the receiving systems expect; utf8 holds every character.</source>
        <translation>gbk：接收系统通用；utf8：任何文字都能写入。</translation>
    </message>
    <message>
        <source>Decimals</source>
        <translation>小数位数</translation>
    </message>
    <message>
        <source>Decimals of the coordinates in metres.</source>
        <translation>坐标的小数位数（单位米）。</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>数据产生单位</translation>
    </message>
    <message>
        <source>The office that hands the file in, for its head.</source>
        <translation>报送文件的单位，写入文件头。</translation>
    </message>
    <message>
        <source>Coordinate file</source>
        <translation>坐标文件</translation>
    </message>
    <message>
        <source>The file to write.</source>
        <translation>要生成的文件。</translation>
    </message>
    <message>
        <source>Boundary points</source>
        <translation>界址点</translation>
    </message>
    <message>
        <source>One point a boundary point, with its number.</source>
        <translation>每个界址点一个点，含点号。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>The table of boundary points (T25), formatted for print.</source>
        <translation>界址点坐标成果表（T25），已排版，可直接打印。</translation>
    </message>
    <message>
        <source>Number of plots</source>
        <translation>地块数</translation>
    </message>
    <message>
        <source>Plots written.</source>
        <translation>写出的地块个数。</translation>
    </message>
    <message>
        <source>Boundary points written, closing points left out.</source>
        <translation>写出的界址点个数，不含闭合点。</translation>
    </message>
    <message>
        <source>Total area (ha)</source>
        <translation>总面积（公顷）</translation>
    </message>
    <message>
        <source>Sum of the areas in the file.</source>
        <translation>文件中各地块面积之和。</translation>
    </message>
</context>
<context>
    <name>SurveyTxtImport</name>
    <message>
        <source>Import survey coordinates (TXT)</source>
        <translation>导入勘测定界坐标（TXT）</translation>
    </message>
    <message>
        <source>Turns survey coordinate files (boundary demarcation TXT) into plots.</source>
        <translation>将勘测定界坐标文件（TXT）转为地块。</translation>
    </message>
    <message>
        <source>Reads coordinate files as land reports use them: a section of attributes, then plots with their boundary points. Many plots, holes and several parts are read, in GBK or UTF-8. The coordinate system is what the file states, or what you choose; it is never guessed. A file with a missing point, an unclosed ring or a line that is no number is refused with the line&apos;s number, and nothing is written. What was passed over or looks wrong is listed in the findings.</source>
        <translation>读取勘测定界报批所用的坐标文件：先是属性描述，后是各地块及其界址点。支持多个地块、内圈和多部分图形，编码为 GBK 或 UTF-8。坐标系以文件注明的或所选的为准，程序不作猜测。缺点、圈未闭合或坐标不是数值的文件不予导入，指明行号，不写出任何内容。未读取或存疑之处列入问题与提示。</translation>
    </message>
    <message>
        <source>Coordinate files</source>
        <translation>坐标文件</translation>
    </message>
    <message>
        <source>A TXT file, several separated by semicolons, or a folder whose TXT files are all read.</source>
        <translation>一个 TXT 文件；多个文件用半角分号（;）分隔；或一个文件夹，读取其中全部 TXT 文件。</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>auto: told by the lines of the file. approval: construction land approval (J1,ring,X,Y). linkage: linkage of urban and rural construction land (J1,X,Y,,ring).</source>
        <translation>auto：按文件内容判断；approval：建设用地报批（J1,圈号,X,Y）；linkage：城乡建设用地增减挂钩（J1,X,Y,,圈号）。</translation>
    </message>
    <message>
        <source>Coordinate system</source>
        <translation>坐标系</translation>
    </message>
    <message>
        <source>Left out: what the files state (datum, zone width, zone number). Needed where they do not.</source>
        <translation>不填则以文件注明的坐标系、几度分带和带号为准；文件未注明时必填。</translation>
    </message>
    <message>
        <source>Axis order</source>
        <translation>坐标顺序</translation>
    </message>
    <message>
        <source>xy: north first; yx: east first; auto: told by the size of the coordinates, else the template.</source>
        <translation>xy：先北后东；yx：先东后北；auto：按坐标大小判断，无法判断时按模板。</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>地块</translation>
    </message>
    <message>
        <source>One polygon a plot, with number, name, stated area and use.</source>
        <translation>每个地块一个面，含编号、名称、记载面积和用途。</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题与提示</translation>
    </message>
    <message>
        <source>What was noted while reading, by file and line.</source>
        <translation>读取时发现的问题和提示，注明文件和行号。</translation>
    </message>
    <message>
        <source>Number of plots</source>
        <translation>地块数</translation>
    </message>
    <message>
        <source>Plots read from all files.</source>
        <translation>从全部文件读入的地块个数。</translation>
    </message>
    <message>
        <source>Boundary points</source>
        <translation>界址点</translation>
    </message>
    <message>
        <source>Boundary points of all plots, closing points left out.</source>
        <translation>全部地块的界址点个数，不含闭合点。</translation>
    </message>
</context>
<context>
    <name>TablePanel</name>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the whole table</source>
        <translation>复制整张表，可直接粘贴到表格软件</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Save the table as CSV</source>
        <translation>将表另存为 CSV</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why}</source>
        <translation>{path} 无法写入：{why}</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>已保存：{path}</translation>
    </message>
    <message>
        <source>{count} rows copied; paste them into a spreadsheet</source>
        <translation>已复制 {count} 行，可粘贴到表格软件</translation>
    </message>
    <message>
        <source>Save the rows shown</source>
        <translation>保存当前显示的行</translation>
    </message>
    <message>
        <source>CSV table…</source>
        <translation>CSV 表格…</translation>
    </message>
    <message>
        <source>{count} rows</source>
        <translation>共 {count} 条</translation>
    </message>
    <message>
        <source>{count} of {of} rows</source>
        <translation>显示 {count} 条，共 {of} 条</translation>
    </message>
</context>
<context>
    <name>TableTemplate</name>
    <message>
        <source>Table to fill in</source>
        <translation>填写表</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>填写表</translation>
    </message>
    <message>
        <source>Natural villages</source>
        <translation>自然村（居民点）</translation>
    </message>
    <message>
        <source>Named in the table of population already.</source>
        <translation>用来在人口与户数表中预先列好村名。</translation>
    </message>
    <message>
        <source>Excel file to write.</source>
        <translation>要生成的 Excel 文件。</translation>
    </message>
    <message>
        <source>Writes an Excel table to fill in and read back: population, targets, prices, demand, other changes of cultivated land, economy, and the lists the printed tables need.</source>
        <translation>生成 Excel 填写表：人口与户数、下达指标、单价、用地需求、其他耕地变化、社会经济指标，以及附表所需的重点项目、存量用地、意见登记，填好后可直接读入。</translation>
    </message>
    <message>
        <source>The table has Chinese headings, lists to choose from and notes on what each column wants; required columns are orange. With the layer of natural villages the table of population already names them; the table of prices names the items of the policy profile, with the prices it has. A filled table is used as it is: choose it, or drag it into QGIS, where a table is asked for.</source>
        <translation>填写表有中文表头、下拉选项和各列填写说明，必填列为橙色。给出自然村图层时，人口与户数表已列好村名；单价表已列好政策规则包的资金项目及其已有单价。填好的表可直接使用：在要求填表的地方选择它，或拖入 QGIS。</translation>
    </message>
    <message>
        <source>population, targets, prices, demand, other_changes (of cultivated land), economy, projects, stock or opinions.</source>
        <translation>population 人口与户数、targets 下达指标、prices 单价、demand 用地需求、other_changes 其他耕地变化、economy 社会经济指标、projects 重点建设项目、stock 存量建设用地、opinions 意见登记。</translation>
    </message>
</context>
<context>
    <name>TopsoilBalance</name>
    <message>
        <source>Topsoil stripping and reuse</source>
        <translation>耕作层剥离再利用</translation>
    </message>
    <message>
        <source>Topsoil that new building strips against what reclamation needs, with the least haul (T18).</source>
        <translation>建新剥离的耕作层与复垦需土相平衡，按总运量最小调配（T18）。</translation>
    </message>
    <message>
        <source>New-build plots strip the topsoil of the cultivated land they occupy: net area times depth. Plots reclaimed to cultivated land, and other projects, need it on their new cultivated land. As much soil as possible is used, that of permanent basic farmland and of good grades first; of all ways to do so the one with the least haul is taken (a transport problem, solved exactly). What is left goes to the storage sites given. Soil is stripped at the date of use and laid at the date of reclamation. Volumes are those in place; the volume on the lorry stands beside. Depths, the detour and the loosening are unverified values of the profile.</source>
        <translation>建新地块剥离所占耕地的耕作层，方量为净面积乘厚度；复垦为耕地的地块和其他项目，其新增耕地需要回填。剥离的土尽量多利用，永久基本农田和优质耕地的优先；在此前提下取总运量最小的调配（运输问题，精确求解）。结余的土运往所给的存放点。剥离按用地日期，回填按复垦日期。方量为自然方，另列折合松方。厚度、绕行系数、松方系数为政策规则包的采用值，依据未核实。</translation>
    </message>
    <message>
        <source>Quality grade field</source>
        <translation>耕地等别字段</translation>
    </message>
    <message>
        <source>Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name.</source>
        <translation>耕地利用等别（1 等最好）；不填则取 GDDB 等标准字段名。</translation>
    </message>
    <message>
        <source>Reclaim plots</source>
        <translation>拆旧地块（复垦地块）</translation>
    </message>
    <message>
        <source>Plots to be reclaimed; depth_m gives the depth to be laid.</source>
        <translation>拟拆旧复垦的地块；depth_m 为回填厚度（米）。</translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation>建新地块</translation>
    </message>
    <message>
        <source>Plots to be built on; depth_m gives the depth stripped.</source>
        <translation>拟建新的地块；depth_m 为剥离厚度（米）。</translation>
    </message>
    <message>
        <source>Other projects that take topsoil</source>
        <translation>耕作层利用项目</translation>
    </message>
    <message>
        <source>Development and improvement projects: plot_id, depth_m or need_m3, area_m2, use_date or phase.</source>
        <translation>土地开发、耕地提质改造等项目：编号 plot_id，回填厚度 depth_m 或需土方量 need_m3，面积 area_m2，日期 use_date 或年度 phase。</translation>
    </message>
    <message>
        <source>Storage sites</source>
        <translation>耕作层存放点</translation>
    </message>
    <message>
        <source>Points or polygons with capacity_m3; soil that nobody needs is kept there.</source>
        <translation>点或面图层，capacity_m3 为容量（立方米）；没有去向的土存放于此。</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>行政村</translation>
    </message>
    <message>
        <source>Village areas with a code; they give the village of parcels that state none.</source>
        <translation>带代码的行政村范围；地类图斑没有坐落代码时，按所在行政村取代码。</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>数据时点</translation>
    </message>
    <message>
        <source>Only plots that happen by this day count; left out: the whole plan.</source>
        <translation>只计截至这一天发生的复垦和建新；不填则计整个规划。</translation>
    </message>
    <message>
        <source>Depth stripped (m)</source>
        <translation>剥离厚度（米）</translation>
    </message>
    <message>
        <source>For plots that state none in depth_m; left out: as the profile has it (0.20).</source>
        <translation>用于未填 depth_m 的建新地块；不填则按政策规则包（0.20）。</translation>
    </message>
    <message>
        <source>Depth laid (m)</source>
        <translation>回填厚度（米）</translation>
    </message>
    <message>
        <source>For receivers that state none in depth_m; left out: as the profile has it (0.20).</source>
        <translation>用于未填 depth_m 的回填地块；不填则按政策规则包（0.20）。</translation>
    </message>
    <message>
        <source>Longest way (m)</source>
        <translation>最大运距（米）</translation>
    </message>
    <message>
        <source>Soil is not carried farther; left out: any way.</source>
        <translation>超过此运距的不调配；不填则不限。</translation>
    </message>
    <message>
        <source>Not used before it is stripped</source>
        <translation>先剥离后利用</translation>
    </message>
    <message>
        <source>Soil goes only where it is laid on the day it is stripped or later; off: days do not count, and days below zero in the result show where the order is wrong.</source>
        <translation>土只调往剥离当日或以后回填的地块；不勾选则不考虑日期，结果中天数为负的即先后颠倒。</translation>
    </message>
    <message>
        <source>Topsoil flows</source>
        <translation>耕作层土调配流向</translation>
    </message>
    <message>
        <source>A line from each donor to each receiver or storage site, with volume, way, haul and days between.</source>
        <translation>由剥离地块到回填地块或存放点的连线，含方量、运距、运量和间隔天数。</translation>
    </message>
    <message>
        <source>Topsoil of plots</source>
        <translation>地块耕作层收支</translation>
    </message>
    <message>
        <source>Donors and receivers with the volume stripped, needed, used, left and short, and why.</source>
        <translation>剥离地块和回填地块的剥离、需土、利用、结余、缺口方量及原因。</translation>
    </message>
    <message>
        <source>Topsoil balance (T18)</source>
        <translation>耕作层剥离与再利用平衡表（T18）</translation>
    </message>
    <message>
        <source>One row a place, then the totals.</source>
        <translation>每个地块或存放点一行，其后为合计。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>T18 formatted for print.</source>
        <translation>耕作层剥离与再利用平衡表（T18）和调配明细表，可直接打印。</translation>
    </message>
    <message>
        <source>Flow map</source>
        <translation>流向图</translation>
    </message>
    <message>
        <source>Plots and flows as a picture, PNG or SVG by the ending of its name; width by volume.</source>
        <translation>地块和流向图，按文件后缀存为 PNG 或 SVG；线宽表示方量。</translation>
    </message>
    <message>
        <source>Stripped (m³)</source>
        <translation>剥离方量（立方米）</translation>
    </message>
    <message>
        <source>Topsoil that new building strips, in place.</source>
        <translation>建新剥离的耕作层土，自然方。</translation>
    </message>
    <message>
        <source>Needed (m³)</source>
        <translation>需土方量（立方米）</translation>
    </message>
    <message>
        <source>Topsoil that new cultivated land needs, in place.</source>
        <translation>新增耕地需要的耕作层土，自然方。</translation>
    </message>
    <message>
        <source>Used (m³)</source>
        <translation>利用方量（立方米）</translation>
    </message>
    <message>
        <source>Stripped soil that goes to a receiver.</source>
        <translation>调往回填地块的方量。</translation>
    </message>
    <message>
        <source>Left (m³)</source>
        <translation>结余方量（立方米）</translation>
    </message>
    <message>
        <source>Stripped soil that is not used, stored or not.</source>
        <translation>剥离后未利用的方量，不论是否存放。</translation>
    </message>
    <message>
        <source>Short (m³)</source>
        <translation>缺口方量（立方米）</translation>
    </message>
    <message>
        <source>Need that is not met.</source>
        <translation>未能满足的需土方量。</translation>
    </message>
    <message>
        <source>Stored (m³)</source>
        <translation>存放方量（立方米）</translation>
    </message>
    <message>
        <source>Soil left that has a place in a storage site.</source>
        <translation>结余中已安排到存放点的方量。</translation>
    </message>
    <message>
        <source>Waiting at most (m³)</source>
        <translation>最大待用方量（立方米）</translation>
    </message>
    <message>
        <source>Most used soil that waits for its use at a time.</source>
        <translation>同一时间已剥离、待回填的最大方量。</translation>
    </message>
    <message>
        <source>Haul (m³·km)</source>
        <translation>运量（立方米·公里）</translation>
    </message>
    <message>
        <source>Volume times way of the soil used.</source>
        <translation>利用方量乘运距之和。</translation>
    </message>
</context>
<context>
    <name>TownshipPlan</name>
    <message>
        <source>Township plan</source>
        <translation>乡镇规划一键编制</translation>
    </message>
    <message>
        <source>The whole plan in one run: balance, plan database, workbook and map sheet.</source>
        <translation>一次完成整个规划：指标平衡、规划数据库、工作簿和图件。</translation>
    </message>
    <message>
        <source>Takes all layers of a township by role, computes the accounts and verdicts and writes the plan database with all layers and results, the workbook of tables and the map sheet. Fields are recognised by their standard names; recorded areas (TBMJ) are controls that pieces add up to.</source>
        <translation>按用途读取乡镇的全部图层，计算平衡表和结论，写出含全部图层和结果的规划数据库、表格工作簿和图件。字段按标准字段名识别；套合图斑（碎部）面积之和与图斑面积（TBMJ）一致。</translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation>地类图斑</translation>
    </message>
    <message>
        <source>Land-use parcels of the survey (DLTB).</source>
        <translation>国土调查的地类图斑（DLTB）。</translation>
    </message>
    <message>
        <source>Township</source>
        <translation>乡镇（街道）</translation>
    </message>
    <message>
        <source>Area of the township, for the sheets.</source>
        <translation>乡镇（街道）范围，用于图件。</translation>
    </message>
    <message>
        <source>Retained settlements</source>
        <translation>保留村庄</translation>
    </message>
    <message>
        <source>Settlements that stay.</source>
        <translation>规划保留的村庄。</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>Roads, for the sheets.</source>
        <translation>道路，用于图件。</translation>
    </message>
    <message>
        <source>Population</source>
        <translation>人口与户数</translation>
    </message>
    <message>
        <source>Households and population of natural villages.</source>
        <translation>各自然村的户数和人口。</translation>
    </message>
    <message>
        <source>Plan database</source>
        <translation>规划数据库</translation>
    </message>
    <message>
        <source>GeoPackage with all layers and results.</source>
        <translation>含全部图层和结果的 GeoPackage 文件。</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>平衡表</translation>
    </message>
    <message>
        <source>One row an account line and unit.</source>
        <translation>每个科目、每个单位一行。</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>One row a rule: pass, fail, warn or unknown.</source>
        <translation>每条规则一行：pass 符合、fail 不符合、warn 提示、unknown 缺数据。</translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>Tables T2, T5, T6, T8, T19 and T20.</source>
        <translation>表 T2、T5、T6、T8、T19、T20。</translation>
    </message>
    <message>
        <source>Folder for map sheets</source>
        <translation>图件文件夹</translation>
    </message>
    <message>
        <source>Gets the map sheet as PDF and PNG.</source>
        <translation>存放 PDF 和 PNG 图件。</translation>
    </message>
</context>
<context>
    <name>TradeOffAlgorithm</name>
    <message>
        <source>Trade off against</source>
        <translation>与哪个目标权衡</translation>
    </message>
    <message>
        <source>A second objective: FRONTIER then lists plans from the best in OBJECTIVE to the best in this one, none of which is better in one without being worse in the other. contiguity counts here as metres of edge that border neither on cultivated land nor on other reclaimed land. none: no frontier.</source>
        <translation>另选一个目标：FRONTIER 列出从 OBJECTIVE 最优到该目标最优的一组方案，其中每个方案要使一个目标更好，另一个目标必然变差。contiguity 在此按未与耕地、其他复垦地块相接的边长（米）计算。none：不做权衡。</translation>
    </message>
    <message>
        <source>Plans on the frontier</source>
        <translation>权衡曲线方案数</translation>
    </message>
    <message>
        <source>Most plans; each is a search of its own, and the time limit is that of all of them together.</source>
        <translation>最多列出的方案数；每个方案单独求解一次，时间限制由全部求解合用。</translation>
    </message>
    <message>
        <source>Frontier</source>
        <translation>权衡曲线</translation>
    </message>
    <message>
        <source>One row a plan: both objectives, what no plan goes beyond, number and ids of the plots; the ids can be put into LOCK_IN as they are.</source>
        <translation>每个方案一行：两个目标的值、任何方案都不会越过的界限、地块数和地块编号；地块编号可直接填入 LOCK_IN。</translation>
    </message>
    <message>
        <source>Chart of the frontier</source>
        <translation>权衡曲线图</translation>
    </message>
    <message>
        <source>The frontier as a picture, PNG or SVG by the ending of its name.</source>
        <translation>两目标权衡曲线图，按文件扩展名输出 PNG 或 SVG。</translation>
    </message>
</context>
<context>
    <name>ValueFilter</name>
    <message>
        <source>{column}: all</source>
        <translation>{column}：全部</translation>
    </message>
    <message>
        <source>{value} ({count})</source>
        <translation>{value}（{count}）</translation>
    </message>
</context>
<context>
    <name>ZoneOverlay</name>
    <message>
        <source>Overlay of parcels and lines</source>
        <translation>图斑与管控线套合分析</translation>
    </message>
    <message>
        <source>Cuts parcels along any number of lines and gives areas that add up to the recorded ones.</source>
        <translation>将地类图斑按任意多条管控线切分，各部分面积之和与图斑面积一致。</translation>
    </message>
    <message>
        <source>Further layers</source>
        <translation>其他叠加图层</translation>
    </message>
    <message>
        <source>Any further layers; each gives a field zone1, zone2 … with the id of the covering feature.</source>
        <translation>任意多个其他叠加图层；依次得到字段 zone1、zone2……，值为所在要素的编号。</translation>
    </message>
    <message>
        <source>Pieces</source>
        <translation>套合图斑（碎部）</translation>
    </message>
    <message>
        <source>Parts of parcels with class, village, lines and areas.</source>
        <translation>图斑的各部分，含地类、行政村、管控线和面积。</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>汇总表</translation>
    </message>
    <message>
        <source>Areas by village, land class and combination of lines, in m², hectares and mu.</source>
        <translation>分行政村、地类和管控线组合汇总的面积，单位平方米、公顷、亩。</translation>
    </message>
    <message>
        <source>Parcels</source>
        <translation>地类图斑数</translation>
    </message>
    <message>
        <source>Parcels that have a piece; with the parcels left out (DROPPED) as many as were read.</source>
        <translation>参与套合的图斑数；与剔除的图斑数（DROPPED）之和等于读入的图斑数。</translation>
    </message>
    <message>
        <source>Number of pieces.</source>
        <translation>套合图斑（碎部）的个数。</translation>
    </message>
    <message>
        <source>Total area (m²)</source>
        <translation>总面积（平方米）</translation>
    </message>
    <message>
        <source>Sum of the areas of all pieces.</source>
        <translation>全部套合图斑（碎部）面积之和。</translation>
    </message>
    <message>
        <source>Closure (m²)</source>
        <translation>面积闭合差（平方米）</translation>
    </message>
    <message>
        <source>Largest difference between a parcel and its pieces before rounding.</source>
        <translation>取整前，图斑与其碎部面积之和的最大差值。</translation>
    </message>
    <message>
        <source>Largest adjustment (m²)</source>
        <translation>最大面积平差（平方米）</translation>
    </message>
    <message>
        <source>Largest difference between a recorded area and the parcel&apos;s own area.</source>
        <translation>登记面积与图斑自身面积的最大差值。</translation>
    </message>
    <message>
        <source>Unknown codes</source>
        <translation>未知地类编码</translation>
    </message>
    <message>
        <source>Parcels whose land class is not known.</source>
        <translation>地类编码无法识别的图斑数。</translation>
    </message>
    <message>
        <source>Zone overlap (m²)</source>
        <translation>叠加图层重叠面积（平方米）</translation>
    </message>
    <message>
        <source>Area of parcels covered more than once within one layer of lines or zones.</source>
        <translation>同一图层内要素相互重叠而重复覆盖图斑的面积。</translation>
    </message>
    <message>
        <source>Parcel overlap (m²)</source>
        <translation>图斑重叠面积（平方米）</translation>
    </message>
    <message>
        <source>Area that parcels share.</source>
        <translation>地类图斑之间相互重叠的面积。</translation>
    </message>
    <message>
        <source>Snapped vertices</source>
        <translation>吸附顶点数</translation>
    </message>
    <message>
        <source>Vertices of lines and zones moved onto a parcel vertex within the tolerance.</source>
        <translation>各线和区域图层中按容差吸附到图斑顶点的顶点数。</translation>
    </message>
    <message>
        <source>Heights not read</source>
        <translation>未读入高程的几何数</translation>
    </message>
    <message>
        <source>Geometries of all layers whose heights (Z) or measures (M) were not read.</source>
        <translation>所有图层中高程（Z）或测量值（M）未读入的几何数。</translation>
    </message>
    <message>
        <source>Curves straightened</source>
        <translation>曲线改直段的几何数</translation>
    </message>
    <message>
        <source>Geometries of all layers whose curves were read as short straight segments.</source>
        <translation>所有图层中曲线按短直线段读入的几何数。</translation>
    </message>
    <message>
        <source>Overlays land parcels with permanent basic farmland, development boundary, redline and any further layers at once. A piece is the part of one parcel with one combination of zones. The areas of its pieces add up to the parcel's area to 0.01 m²; parcels themselves are never altered. Where zones of one layer overlap, the land counts once and the overlap is reported. With control areas the areas of parcels add up to those of villages and township, too.</source>
        <translation>将地类图斑与永久基本农田、城镇开发边界、生态保护红线和任意其他叠加图层一次套合。套合图斑（碎部）是一个图斑中叠加情况相同的部分，面积之和与图斑面积一致到 0.01 平方米；图斑本身不作任何改动。同一图层内要素相互重叠处，土地只计一次，并报告重叠面积。给出控制面积时，图斑面积合计还等于行政村和乡镇的控制面积。</translation>
    </message>
    <message>
        <source>Control areas</source>
        <translation>控制面积</translation>
    </message>
    <message>
        <source>Every village and the township: control area, sum of what lies in it, difference, adjustment.</source>
        <translation>各行政村和乡镇：控制面积、下级面积合计、差值、平差调整量。</translation>
    </message>
    <message>
        <source>Largest control difference (m²)</source>
        <translation>最大控制面积差值（平方米）</translation>
    </message>
    <message>
        <source>Largest difference between a control area and the sum of what lies in the unit.</source>
        <translation>控制面积与单位内下级面积合计的最大差值。</translation>
    </message>
</context>
</TS>
