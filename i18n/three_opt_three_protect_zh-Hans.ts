<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>BalanceAlgorithm</name>
    <message>
        <source>Reclaim plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plots to be reclaimed, fields as in the plan database.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plots to be built on, fields as in the plan database.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Villages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Village areas with a code; they give the village of parcels that state none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Natural villages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Natural villages with a name, for sub-totals.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Approved, not built</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land approved for construction and not built on: construction land in the base state.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Targets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assigned figures: indicator, value, unit, year, unit_code.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what happens by this day counts, judged by the rules of that day; left out: the whole plan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reclaimed R (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base construction land that is reclaimed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New construction N (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land newly built on, at its date of use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New construction on reclaim quota (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part of N that is paid by reclamation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Net reduction R − N (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decrease of construction land.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New cultivated land F (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cultivated land after reclamation minus cultivated land there before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Occupied cultivated land Z (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By new-build plots.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation type="unfinished">平衡</translation>
    </message>
    <message>
        <source>1 when no hard rule fails or is unknown, else 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rules failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of verdicts that fail.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rules with a warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of verdicts that warn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rules without data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of verdicts that lack data.</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draws the map sheets of a plan database, ready to be handed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draws finished sheets with title, neat lines, legend, scale, coordinate note and balance table from a plan database. This version draws the layout of reclaim and new-build plots (numbers 9 and 10 of the set, on one sheet); what is not drawn is listed with the reason. The internal edition has coordinates and says where it lies; the public edition does neither.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plan database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoPackage written by the township plan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers of the sheets in the set, separated by commas, or all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of the paper, landscape: a3, a1 or a0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gets the files; a file of the same name is replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number and reason of every sheet that was asked for and not drawn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of sheets, whatever their formats.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Formats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One or more of pdf (vector, fonts embedded), png and jpg (300 dpi).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edition</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>internal: with coordinates, security grade and number to be filled in, and a world file beside images; public: without coordinates of any kind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale 1:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Denominator; left out: the largest round scale at which the township fits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>plan: colours of the 2006–2020 plans; survey: of the third survey; territorial: from 2021.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compiled by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printed as the compiling unit; left out: the township&apos;s government.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printed as the date of compilation; left out: today.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data as of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printed as the day the data speak of; left out: the end of the survey year of the parcels.</source>
        <translation type="unfinished"></translation>
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
</context>
<context>
    <name>PlanBalance</name>
    <message>
        <source>Balance of a plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accounts of construction land, cultivated land, quality, lines and time, with verdicts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlays reclaim and new-build plots with parcels and lines and holds the plan against a policy profile. Only construction land of the base state counts as reclaimed; new-build counts against the state at its date; new cultivated land is what is added to what was there. A rule whose data is missing is unknown, never passed. Each verdict shows both sides, the margin, its legal basis and whether that basis is verified.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quality grade field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation type="unfinished">平衡表</translation>
    </message>
    <message>
        <source>One row an account line and unit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation type="unfinished">结论</translation>
    </message>
    <message>
        <source>One row a rule: pass, fail, warn or unknown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plots and parcels behind each verdict.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PlotReportAlgorithm</name>
    <message>
        <source>Plot report: land classes and lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Present land classes of any polygons (T19) and the lines they touch (T20).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes any polygons, as drawn or from CAD, and tells what each lies on: area by land class, of which cultivated land, paddy and permanent basic farmland, and area inside each line. Plots that overlap are each reported in full. What lies on no parcel is said and not counted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plots</source>
        <translation type="unfinished">地块</translation>
    </message>
    <message>
        <source>Any polygons; a field plot_id names them, else the id.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Further layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any further layers, reported as other1, other2 …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land classes of plots (T19)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One row a plot and land class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines of plots (T20)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One row a plot and line, with share.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings</source>
        <translation type="unfinished">问题</translation>
    </message>
    <message>
        <source>What to look at, with severity and advice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both tables formatted for print.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total area (m²)</source>
        <translation type="unfinished">总面积（平方米）</translation>
    </message>
    <message>
        <source>Area of all plots on parcels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outside parcels (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area of plots that lies on no parcel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot overlap (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area that plots share.</source>
        <translation type="unfinished"></translation>
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
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draws an invented Jiangnan township with parcels, lines, plots and targets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything is drawn from the seed and invented: no real survey is used. The same seed gives the same township. The result is a plan database that all other tools read. With two years the second survey holds known changes; with defects a known set of mistakes is planted; both are listed in the table planted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another number draws another township.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parcels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of parcels wanted; the result is within 10 %.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Survey years</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2 adds a second survey with known changes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Planted defects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 plants a known set of mistakes; 0 none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plan database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoPackage to write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of the layer, for models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land parcels of the second survey year</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Villages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Natural villages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Township</source>
        <translation type="unfinished">全乡镇</translation>
    </message>
    <message>
        <source>Permanent basic farmland</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Urban development boundary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ecological redline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retained settlements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reclaim plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New-build plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Population</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Targets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List of planted defects and changes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SurveyAlgorithm</name>
    <message>
        <source>Land parcels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land-use parcels of the survey (DLTB). All other layers are brought to its coordinate system.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parcel id field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Identifies a parcel in results; left out: the feature id.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land class field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land class code; left out: DLBM or another standard name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Village field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code of the village, its first 12 characters count; left out: ZLDWDM or another standard name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded area field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded area in m² (TBMJ) that the pieces of a parcel must add up to; left out: the parcel's own area by the area method, rounded to 0.01 m².</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deduction rate field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate of field ridges to deduct (KCXS, 0 to below 1); left out: net area = gross area.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Permanent basic farmland</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygons of permanent basic farmland.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Urban development boundary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area inside the development boundary.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ecological redline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redline areas; a field level (1 or 2) gives the control level, without it level 1 is assumed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land classification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Id of the classification (third_survey, second_survey, gbt21010_2017, land_plan, land_sea_2023 …) or the path of a code table of your own (CSV). Left out: detected from codes and names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Snapping tolerance (m)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vertices of the other layers at most this far from a parcel vertex are moved onto it; 0 = off.</source>
        <translation type="unfinished"></translation>
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
</context>
<context>
    <name>TownshipPlan</name>
    <message>
        <source>Township plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole plan in one run: balance, plan database, workbook and map sheet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes all layers of a township by role, computes the accounts and verdicts and writes the plan database with all layers and results, the workbook of tables and the map sheet. Fields are recognised by their standard names; recorded areas (TBMJ) are controls that pieces add up to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land parcels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Land-use parcels of the survey (DLTB).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Township</source>
        <translation type="unfinished">全乡镇</translation>
    </message>
    <message>
        <source>Area of the township, for the sheets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retained settlements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settlements that stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roads, for the sheets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Population</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Households and population of natural villages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plan database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoPackage with all layers and results.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation type="unfinished">平衡表</translation>
    </message>
    <message>
        <source>One row an account line and unit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation type="unfinished">结论</translation>
    </message>
    <message>
        <source>One row a rule: pass, fail, warn or unknown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workbook</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables T2, T5, T6, T8, T19 and T20.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for map sheets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gets the map sheet as PDF and PNG.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ZoneOverlay</name>
    <message>
        <source>Overlay of parcels and lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cuts parcels along any number of lines and gives areas that add up to the recorded ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlays land parcels with permanent basic farmland, development boundary, redline and any further layers at once. A piece is the part of one parcel with one combination of zones. The areas of its pieces add up to the parcel's area to 0.01 m²; parcels themselves are never altered. Where zones of one layer overlap, the land counts once and the overlap is reported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Further layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any further layers; each gives a field zone1, zone2 … with the id of the covering feature.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pieces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parts of parcels with class, village, lines and areas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Areas by village, land class and combination of lines, in m², hectares and mu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parcels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parcels that have a piece; with the parcels left out (DROPPED) as many as were read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of pieces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total area (m²)</source>
        <translation type="unfinished">总面积（平方米）</translation>
    </message>
    <message>
        <source>Sum of the areas of all pieces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closure (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest difference between a parcel and its pieces before rounding.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest adjustment (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest difference between a recorded area and the parcel&apos;s own area.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown codes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parcels whose land class is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zone overlap (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area of parcels covered more than once within one layer of lines or zones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parcel overlap (m²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area that parcels share.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
