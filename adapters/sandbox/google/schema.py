"""Which fields the Sheets API knows and of which kind they are, after Google's discovery document of Sheets v4.

A line is `Type: field field=kind ...`; a field without a kind is text, `*` marks a list, `any` is taken as it comes.
Unknown names in a body and unknown paths in a field mask are refused by the same table.
"""

from functools import cache

ANYTHING = "any"
SCALARS = frozenset({"str", "int", "num", "bool", "enum", ANYTHING})
TABLE = """
AddConditionalFormatRuleRequest: index=int rule=ConditionalFormatRule
AddDimensionGroupRequest: range=DimensionRange
AddNamedRangeRequest: namedRange=NamedRange
AddProtectedRangeRequest: protectedRange=ProtectedRange
AddSheetRequest: properties=SheetProperties
AppendCellsRequest: fields rows=*RowData sheetId=int tableId
AppendDimensionRequest: dimension=enum length=int sheetId=int
AutoResizeDimensionsRequest: dataSourceSheetDimensions=DataSourceSheetDimensionRange dimensions=DimensionRange
BasicFilter: criteria=any filterSpecs=*FilterSpec range=GridRange sortSpecs=*SortSpec tableId
BatchClearValuesByDataFilterRequest: dataFilters=*DataFilter
BatchClearValuesRequest: ranges=*str
BatchGetValuesByDataFilterRequest: dataFilters=*DataFilter dateTimeRenderOption=enum majorDimension=enum
  valueRenderOption=enum
BatchUpdateSpreadsheetRequest: commentsViewMode=enum includeSpreadsheetInResponse=bool requests=*Request
  responseIncludeGridData=bool responseRanges=*str
BatchUpdateValuesByDataFilterRequest: data=*DataFilterValueRange includeValuesInResponse=bool
  responseDateTimeRenderOption=enum responseValueRenderOption=enum valueInputOption=enum
BatchUpdateValuesRequest: data=*ValueRange includeValuesInResponse=bool responseDateTimeRenderOption=enum
  responseValueRenderOption=enum valueInputOption=enum
BooleanCondition: type=enum values=*ConditionValue
BooleanRule: condition=BooleanCondition format=CellFormat
Border: color=Color colorStyle=ColorStyle style=enum width=int
Borders: bottom=Border left=Border right=Border top=Border
CellData: chipRuns=*any dataSourceFormula=any dataSourceTable=any dataValidation=DataValidationRule
  effectiveFormat=CellFormat effectiveValue=ExtendedValue formattedValue hyperlink note pivotTable=any
  textFormatRuns=*TextFormatRun userEnteredFormat=CellFormat userEnteredValue=ExtendedValue
CellFormat: backgroundColor=Color backgroundColorStyle=ColorStyle borders=Borders horizontalAlignment=enum
  hyperlinkDisplayType=enum numberFormat=NumberFormat padding=Padding textDirection=enum textFormat=TextFormat
  textRotation=TextRotation verticalAlignment=enum wrapStrategy=enum
ClearBasicFilterRequest: sheetId=int
ClearValuesRequest:
Color: alpha=num blue=num green=num red=num
ColorStyle: rgbColor=Color themeColor=enum
ConditionValue: relativeDate=enum userEnteredValue
ConditionalFormatRule: booleanRule=BooleanRule gradientRule=GradientRule ranges=*GridRange
CopyPasteRequest: destination=GridRange pasteOrientation=enum pasteType=enum source=GridRange
CopySheetToAnotherSpreadsheetRequest: destinationSpreadsheetId
CreateDeveloperMetadataRequest: developerMetadata=DeveloperMetadata
CutPasteRequest: destination=GridCoordinate pasteType=enum source=GridRange
DataFilter: a1Range developerMetadataLookup=DeveloperMetadataLookup gridRange=GridRange
DataFilterValueRange: dataFilter=DataFilter majorDimension=enum values=**any
DataSourceSheetDimensionRange: columnReferences=*any sheetId=int
DataValidationRule: condition=BooleanCondition inputMessage showCustomUi=bool strict=bool
DeleteConditionalFormatRuleRequest: index=int sheetId=int
DeleteDeveloperMetadataRequest: dataFilter=DataFilter
DeleteDimensionGroupRequest: range=DimensionRange
DeleteDimensionRequest: range=DimensionRange
DeleteNamedRangeRequest: namedRangeId
DeleteProtectedRangeRequest: protectedRangeId=int
DeleteRangeRequest: range=GridRange shiftDimension=enum
DeleteSheetRequest: sheetId=int
DeveloperMetadata: location=DeveloperMetadataLocation metadataId=int metadataKey metadataValue visibility=enum
DeveloperMetadataLocation: dimensionRange=DimensionRange locationType=enum sheetId=int spreadsheet=bool
DeveloperMetadataLookup: locationMatchingStrategy=enum locationType=enum metadataId=int metadataKey
  metadataLocation=DeveloperMetadataLocation metadataValue visibility=enum
DimensionGroup: collapsed=bool depth=int range=DimensionRange
DimensionProperties: dataSourceColumnReference=any developerMetadata=*DeveloperMetadata hiddenByFilter=bool
  hiddenByUser=bool pixelSize=int
DimensionRange: dimension=enum endIndex=int sheetId=int startIndex=int
DuplicateSheetRequest: insertSheetIndex=int newSheetId=int newSheetName sourceSheetId=int
Editors: domainUsersCanEdit=bool groups=*str users=*str
ErrorValue: message type=enum
ExtendedValue: boolValue=bool errorValue=ErrorValue formulaValue numberValue=num stringValue
FilterCriteria: condition=BooleanCondition hiddenValues=*str visibleBackgroundColor=Color
  visibleBackgroundColorStyle=ColorStyle visibleForegroundColor=Color visibleForegroundColorStyle=ColorStyle
FilterSpec: columnIndex=int dataSourceColumnReference=any filterCriteria=FilterCriteria
FindReplaceRequest: allSheets=bool find includeFormulas=bool matchCase=bool matchEntireCell=bool range=GridRange
  replacement searchByRegex=bool sheetId=int
GetSpreadsheetByDataFilterRequest: commentsViewMode=enum dataFilters=*DataFilter excludeTablesInBandedRanges=bool
  includeGridData=bool
GradientRule: maxpoint=InterpolationPoint midpoint=InterpolationPoint minpoint=InterpolationPoint
GridCoordinate: columnIndex=int rowIndex=int sheetId=int
GridData: columnMetadata=*DimensionProperties rowData=*RowData rowMetadata=*DimensionProperties startColumn=int
  startRow=int
GridProperties: columnCount=int columnGroupControlAfter=bool frozenColumnCount=int frozenRowCount=int
  hideGridlines=bool rowCount=int rowGroupControlAfter=bool
GridRange: endColumnIndex=int endRowIndex=int sheetId=int startColumnIndex=int startRowIndex=int
InsertDimensionRequest: inheritFromBefore=bool range=DimensionRange
InsertRangeRequest: range=GridRange shiftDimension=enum
InterpolationPoint: color=Color colorStyle=ColorStyle type=enum value
Link: uri
MergeCellsRequest: mergeType=enum range=GridRange
MoveDimensionRequest: destinationIndex=int source=DimensionRange
NamedRange: name namedRangeId range=GridRange
NumberFormat: pattern type=enum
Padding: bottom=int left=int right=int top=int
ProtectedRange: description editors=Editors namedRangeId protectedRangeId=int range=GridRange
  requestingUserCanEdit=bool tableId unprotectedRanges=*GridRange warningOnly=bool
RepeatCellRequest: cell=CellData fields range=GridRange
RowData: values=*CellData
Request: addBanding=any addChart=any addCommentReply=any addConditionalFormatRule=AddConditionalFormatRuleRequest
  addDataSource=any addDimensionGroup=AddDimensionGroupRequest addFilterView=any addNamedRange=AddNamedRangeRequest
  addProtectedRange=AddProtectedRangeRequest addSheet=AddSheetRequest addSlicer=any addTable=any
  appendCells=AppendCellsRequest appendDimension=AppendDimensionRequest autoFill=any
  autoResizeDimensions=AutoResizeDimensionsRequest cancelDataSourceRefresh=any
  clearBasicFilter=ClearBasicFilterRequest copyPaste=CopyPasteRequest
  createDeveloperMetadata=CreateDeveloperMetadataRequest cutPaste=CutPasteRequest deleteBanding=any
  deleteComment=any deleteCommentReply=any deleteConditionalFormatRule=DeleteConditionalFormatRuleRequest
  deleteDataSource=any deleteDeveloperMetadata=DeleteDeveloperMetadataRequest deleteDimension=DeleteDimensionRequest
  deleteDimensionGroup=DeleteDimensionGroupRequest deleteDuplicates=any deleteEmbeddedObject=any
  deleteFilterView=any deleteNamedRange=DeleteNamedRangeRequest deleteProtectedRange=DeleteProtectedRangeRequest
  deleteRange=DeleteRangeRequest deleteSheet=DeleteSheetRequest deleteTable=any duplicateFilterView=any
  duplicateSheet=DuplicateSheetRequest findReplace=FindReplaceRequest insertComment=any
  insertDimension=InsertDimensionRequest insertRange=InsertRangeRequest mergeCells=MergeCellsRequest
  moveDimension=MoveDimensionRequest pasteData=any randomizeRange=any refreshDataSource=any
  repeatCell=RepeatCellRequest setBasicFilter=SetBasicFilterRequest setDataValidation=SetDataValidationRequest
  sortRange=SortRangeRequest textToColumns=any trimWhitespace=any unmergeCells=UnmergeCellsRequest updateBanding=any
  updateBorders=any updateCells=UpdateCellsRequest updateChartSpec=any updateCommentPost=any
  updateConditionalFormatRule=UpdateConditionalFormatRuleRequest updateDataSource=any
  updateDeveloperMetadata=UpdateDeveloperMetadataRequest updateDimensionGroup=any
  updateDimensionProperties=UpdateDimensionPropertiesRequest updateEmbeddedObjectBorder=any
  updateEmbeddedObjectPosition=any updateFilterView=any updateNamedRange=UpdateNamedRangeRequest
  updateProtectedRange=UpdateProtectedRangeRequest updateSheetProperties=UpdateSheetPropertiesRequest
  updateSlicerSpec=any updateSpreadsheetProperties=UpdateSpreadsheetPropertiesRequest updateTable=any
SearchDeveloperMetadataRequest: dataFilters=*DataFilter
SetBasicFilterRequest: filter=BasicFilter
SetDataValidationRequest: filteredRowsIncluded=bool range=GridRange rule=DataValidationRule
Sheet: bandedRanges=*any basicFilter=BasicFilter charts=*any columnGroups=*DimensionGroup commentAnchors=*any
  conditionalFormats=*ConditionalFormatRule data=*GridData developerMetadata=*DeveloperMetadata filterViews=*any
  merges=*GridRange properties=SheetProperties protectedRanges=*ProtectedRange rowGroups=*DimensionGroup
  slicers=*any tables=*any
SheetProperties: dataSourceSheetProperties=any gridProperties=GridProperties hidden=bool index=int rightToLeft=bool
  sheetId=int sheetType=enum tabColor=Color tabColorStyle=ColorStyle title
SortRangeRequest: range=GridRange sortSpecs=*SortSpec
SortSpec: backgroundColor=Color backgroundColorStyle=ColorStyle dataSourceColumnReference=any dimensionIndex=int
  foregroundColor=Color foregroundColorStyle=ColorStyle sortOrder=enum
Spreadsheet: comments=*any commentsViewMode=enum dataSourceSchedules=*any dataSources=*any
  developerMetadata=*DeveloperMetadata namedRanges=*NamedRange properties=SpreadsheetProperties sheets=*Sheet
  spreadsheetId spreadsheetUrl
SpreadsheetProperties: autoRecalc=enum defaultFormat=CellFormat importFunctionsExternalUrlAccessAllowed=bool
  iterativeCalculationSettings=any locale spreadsheetTheme=any timeZone title
TextFormat: bold=bool fontFamily fontSize=int foregroundColor=Color foregroundColorStyle=ColorStyle italic=bool
  link=Link strikethrough=bool underline=bool
TextFormatRun: format=TextFormat startIndex=int
TextRotation: angle=int vertical=bool
UnmergeCellsRequest: range=GridRange
UpdateCellsRequest: fields range=GridRange rows=*RowData start=GridCoordinate
UpdateConditionalFormatRuleRequest: index=int newIndex=int rule=ConditionalFormatRule sheetId=int
UpdateDeveloperMetadataRequest: dataFilters=*DataFilter developerMetadata=DeveloperMetadata fields
UpdateDimensionPropertiesRequest: dataSourceSheetRange=DataSourceSheetDimensionRange fields
  properties=DimensionProperties range=DimensionRange
UpdateNamedRangeRequest: fields namedRange=NamedRange
UpdateProtectedRangeRequest: fields protectedRange=ProtectedRange
UpdateSheetPropertiesRequest: fields properties=SheetProperties
UpdateSpreadsheetPropertiesRequest: fields properties=SpreadsheetProperties
ValueRange: majorDimension=enum range values=**any
"""


def _records() -> list[str]:
    return TABLE.replace("\n  ", " ").strip().splitlines()


def _fields(text: str) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in text.split())
    return {name: kind or "str" for name, _, kind in pairs}


@cache
def types() -> dict[str, dict[str, str]]:
    """Type name -> field name -> kind."""
    parted = (record.partition(":") for record in _records())
    return {name: _fields(fields) for name, _, fields in parted}


def snake(name: str) -> str:
    """The name as Google's own messages spell it: `gridProperties` -> `grid_properties`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


@cache
def camel_names(type_name: str) -> dict[str, str]:
    """Every accepted spelling of the type's fields -> the field's name; Google takes both styles."""
    fields = types()[type_name]
    return {snake(name): name for name in fields} | {name: name for name in fields}
